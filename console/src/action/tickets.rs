//! What can be done with tickets: in the list, in a thread, while an answer is written.

use super::{Action, Context, Entry};
use crate::app::key::{Code, Key};

const LIST: Context = Context::Tickets;
const THREAD: Context = Context::Thread;
const COMPOSE: Context = Context::Compose;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Action::Open, LIST, &[Key::of(Code::Enter)], "Read the ticket")
        .hint("open", 80)
        .same_as("maildesk ticket show N"),
    Entry::new(Action::NextStatus, LIST, &[Key::char('s')], "Next status: all, new, open, pending, resolved, closed")
        .hint("status", 70)
        .same_as("maildesk ticket list --status open"),
    Entry::new(Action::Sort, LIST, &[Key::char('S')], "Sort: newest first, oldest first, what is due first")
        .hint("sort", 55)
        .same_as("maildesk ticket list --sort due"),
    Entry::new(Action::Filter, LIST, &[Key::char('/')], "Search all tickets; Esc clears")
        .hint("search", 60)
        .same_as("maildesk ticket list --find TEXT"),
    Entry::new(Action::Reply, THREAD, &[Key::char('r')], "Answer by mail")
        .hint("reply", 85)
        .writes()
        .same_as("maildesk ticket reply N --text TEXT"),
    Entry::new(Action::Note, THREAD, &[Key::char('i')], "Write an internal note")
        .hint("note", 75)
        .writes()
        .same_as("maildesk ticket note N --text TEXT"),
    Entry::new(Action::Resolve, THREAD, &[Key::char('R')], "Say that it is done")
        .hint("resolve", 70)
        .writes()
        .same_as("maildesk ticket resolve N"),
    Entry::new(Action::Quotes, THREAD, &[Key::char('c')], "Show or fold quotes and signatures")
        .hint("quotes", 60)
        .same_as("maildesk ticket show N --quotes"),
    Entry::new(Action::Assign, THREAD, &[Key::char('A')], "Put an agent in charge, or nobody")
        .hint("assign", 45)
        .writes()
        .same_as("maildesk ticket assign N me"),
    Entry::new(Action::Priority, THREAD, &[Key::char('P')], "Change the priority")
        .writes()
        .same_as("maildesk ticket priority N high"),
    Entry::new(Action::Reopen, THREAD, &[Key::char('O')], "Open it again").writes().same_as("maildesk ticket reopen N"),
    Entry::new(Action::Macro, THREAD, &[Key::char('m')], "Apply a macro; shows first what it would send and change")
        .hint("macro", 42)
        .writes()
        .same_as("maildesk macro apply NAME N --yes"),
    Entry::new(Action::Merge, THREAD, &[Key::char('M')], "Make it part of another ticket; shows first what would be")
        .writes()
        .same_as("maildesk ticket merge ID N"),
    Entry::new(
        Action::Split,
        THREAD,
        &[Key::char('S')],
        "Make entries a ticket of their own; shows first what would be",
    )
    .writes()
    .same_as("maildesk ticket split N ENTRY"),
    Entry::new(Action::NextItem, THREAD, &[Key::char(']')], "Next ticket of the list").hint("next", 40),
    Entry::new(Action::PreviousItem, THREAD, &[Key::char('[')], "Previous ticket of the list").hint("previous", 30),
    Entry::new(Action::Review, COMPOSE, &[Key::ctrl('s'), Key::f(2)], "Review, then send or keep")
        .hint("review+send", 90)
        .writes()
        .same_as("maildesk ticket reply N --text TEXT"),
    Entry::new(Action::Attach, COMPOSE, &[Key::f(9)], "Attach a file: it goes along with the answer")
        .hint("attach", 70)
        .writes()
        .same_as("maildesk ticket reply N --text TEXT --attach FILE"),
    Entry::new(Action::Detach, COMPOSE, &[Key::f(8)], "Take a file off the answer; asks which").hint("take off", 40),
    Entry::new(Action::ExternalEditor, COMPOSE, &[Key::ctrl('g'), Key::f(4)], "Write it in $EDITOR")
        .hint("$EDITOR", 80),
];
