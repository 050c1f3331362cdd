//! The registry keeps its promises: no key twice, help for all, footers that fit, a command or a reason.

use super::*;
use crate::app::key::Code;
use crate::app::overlay::Help;
use crate::app::palette::{Line, Palette};
use crate::args::Arguments;
use crate::screen::footer_hints;
use clap::Parser;
use std::collections::HashSet;

const CONTEXTS: &[Context] = Context::ALL;

#[test]
fn no_key_means_two_things_in_one_context() {
    for context in CONTEXTS {
        let mut seen = HashSet::new();
        for entry in all().filter(|entry| entry.at == *context) {
            for key in entry.keys {
                assert!(seen.insert(*key), "{key} twice in {context:?}");
            }
        }
    }
}

/// A key that means something nearer takes it from what is further out; another key must be left for that.
#[test]
fn whatever_help_tells_of_a_place_has_a_key_that_does_it_there() {
    for context in CONTEXTS {
        for entry in within(*context) {
            let does =
                |key: &Key| crate::keymap::find(*context, *key).is_some_and(|found| found.action == entry.action);
            assert!(entry.keys.iter().any(does), "{:?} has no key left in {context:?}: {entry:?}", entry.action);
        }
    }
}

#[test]
fn the_palette_holds_every_entry_and_help_all_of_its_place() {
    for context in CONTEXTS {
        let palette = Palette::new(*context).found();
        let listed = |entry: &Entry| {
            let same = |line: &Line| matches!(line, Line::Entry(found) if std::ptr::eq(*found, entry));
            palette.iter().filter(|line| same(line)).count()
        };
        assert!(all().all(|entry| listed(entry) == 1), "{context:?}: {:?}", all().find(|entry| listed(entry) != 1));
        let help = Help::new(*context).found();
        assert_eq!(help.len(), within(*context).len(), "{context:?}");
        assert!(!help.is_empty(), "{context:?} has no help");
    }
}

#[test]
fn every_entry_can_be_pressed_read_and_found() {
    for entry in all() {
        let palette_only = matches!(entry.action, Action::GoList(_));
        assert_eq!(entry.keys.is_empty(), palette_only, "{entry:?}");
        assert!(entry.title.len() > 1 && !entry.title.ends_with('.'), "{entry:?}");
        assert!(CONTEXTS.contains(&entry.at), "{entry:?}");
        let somewhere = |context: &Context| within(*context).iter().any(|known| known.action == entry.action);
        assert!(palette_only || CONTEXTS.iter().any(somewhere));
    }
}

#[test]
fn no_plain_key_is_taken_from_a_text() {
    for context in CONTEXTS.iter().filter(|context| context.takes_text()) {
        for entry in within(*context) {
            assert!(entry.keys.iter().all(|key| key.typed().is_none()), "{entry:?} in {context:?}");
        }
    }
}

#[test]
fn keys_of_readline_are_never_bound_in_texts() {
    let sacred = ['a', 'e', 'k', 'u', 'w', 'y'].map(Key::ctrl);
    for context in CONTEXTS.iter().filter(|context| context.takes_text()) {
        for entry in within(*context) {
            assert!(!entry.keys.iter().any(|key| sacred.contains(key)), "{entry:?}");
        }
    }
}

#[test]
fn every_control_key_has_a_twin() {
    // Multiplexers take Ctrl keys for themselves. Ctrl-C, Ctrl-L and Ctrl-Z are what they are everywhere.
    for entry in all().filter(|entry| !matches!(entry.action, Action::Interrupt | Action::Suspend | Action::Redraw)) {
        if entry.keys.iter().any(|key| key.ctrl) {
            assert!(entry.keys.iter().any(|key| !key.ctrl), "{entry:?}");
        }
    }
}

#[test]
fn nothing_that_changes_something_is_behind_enter_or_escape() {
    for entry in all().filter(|entry| entry.writes) {
        assert!(!entry.keys.contains(&Key::of(Code::Esc)), "{entry:?}");
        let is_edit = entry.action == Action::Edit;
        assert!(is_edit || !entry.keys.contains(&Key::of(Code::Enter)), "{entry:?}");
    }
}

#[test]
fn footers_fit_eighty_columns_and_hold_the_help() {
    for context in CONTEXTS {
        let hints = footer_hints(*context, 80);
        let width: usize = hints.iter().map(|(key, words)| key.chars().count() + words.chars().count() + 3).sum();
        assert!(width < 80, "{context:?}: {hints:?}");
        if !context.takes_text() {
            assert!(hints.iter().any(|(_, words)| *words == "help"), "{context:?}: {hints:?}");
        }
    }
}

#[test]
fn every_command_is_one_that_maildesk_reads() {
    for entry in all() {
        match entry.same_as {
            SameAs::Nothing(reason) => {
                assert!(!entry.writes && !reason.is_empty(), "{entry:?} changes something: name its command");
            }
            SameAs::Command(command) => {
                let words = command.split_whitespace().map(|word| match word {
                    "N" | "ID" | "ENTRY" => "1",
                    "ADDRESS" => "ann@acme.example",
                    "NAME" => "support",
                    "KIND" => "agent_reply",
                    other => other,
                });
                let read = Arguments::try_parse_from(words.clone());
                assert!(read.is_ok(), "{command}: {}", read.err().map(|error| error.to_string()).unwrap_or_default());
            }
        }
    }
}
