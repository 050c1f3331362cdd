//! What can be done with templates: in the list, and in one that is open.

use super::{Action, Context, Entry};
use crate::app::key::{Code, Key};

const LIST: Context = Context::Templates;
const ONE: Context = Context::Template;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Action::Open, LIST, &[Key::of(Code::Enter)], "Open the template: its text beside what it makes")
        .hint("open", 80)
        .same_as("maildesk template show KIND"),
    Entry::new(Action::NextLanguage, LIST, &[Key::char('l')], "Next language: all, en, de, fr, es")
        .hint("language", 70)
        .same_as("maildesk template list"),
    Entry::new(Action::Edit, ONE, &[Key::char('e'), Key::f(4)], "Change it in $EDITOR; it is a draft until saved")
        .hint("$EDITOR", 90)
        .writes()
        .same_as("maildesk template edit KIND"),
    Entry::new(Action::Save, ONE, &[Key::ctrl('s'), Key::f(2)], "Save the draft: shows old and new first")
        .hint("save", 85)
        .writes()
        .same_as("maildesk template edit KIND --file FILE"),
    Entry::new(Action::NextView, ONE, &[Key::char('v')], "Preview as HTML in text, as text part, as HTML source")
        .hint("view", 75)
        .same_as("maildesk template render KIND"),
    Entry::new(Action::Sample, ONE, &[Key::char('S')], "Fill it with the examples, or with a ticket")
        .hint("sample", 70)
        .same_as("maildesk template render KIND --ticket N"),
    Entry::new(Action::Diff, ONE, &[Key::char('d')], "What differs from the saved one, then from the built-in one")
        .hint("diff", 65)
        .same_as("maildesk template diff KIND"),
    Entry::new(Action::Names, ONE, &[Key::char('n')], "The variables: what they mean, with examples")
        .hint("names", 60)
        .same_as("maildesk template variables KIND"),
    Entry::new(Action::History, ONE, &[Key::char('h')], "Saved versions, the newest first")
        .hint("history", 50)
        .same_as("maildesk template history KIND"),
    Entry::new(Action::Revert, ONE, &[Key::char('R')], "Save the version of the history that the cursor is on again")
        .writes()
        .same_as("maildesk template revert KIND N"),
    Entry::new(Action::Reset, ONE, &[Key::char('D')], "Let the built-in template count again; asks first")
        .writes()
        .same_as("maildesk template reset KIND"),
    Entry::new(Action::Remove, ONE, &[Key::char('x')], "Forget the draft; asks first")
        .writes()
        .same_as("maildesk template forget-draft KIND"),
    Entry::new(Action::TestMail, ONE, &[Key::f(6)], "Send what it makes to an address: yours, if the agents name one")
        .writes()
        .same_as("maildesk template render KIND --send-to ADDRESS"),
    Entry::new(Action::NextItem, ONE, &[Key::char(']')], "Next template of the list"),
    Entry::new(Action::PreviousItem, ONE, &[Key::char('[')], "Previous template of the list"),
];
