//! What can be done on every screen, and in every list and text.

use super::{Action, Context, Entry};
use crate::app::key::{Code, Key};
use crate::app::place::Place;

const ALWAYS: Context = Context::Always;
const EVERYWHERE: Context = Context::Everywhere;
const LISTS: Context = Context::Lists;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Action::Interrupt, ALWAYS, &[Key::ctrl('c')], "Cancel what is under way; twice in 2 s quits"),
    Entry::new(Action::Suspend, ALWAYS, &[Key::ctrl('z')], "Suspend to the shell (fg comes back)"),
    Entry::new(Action::Redraw, ALWAYS, &[Key::ctrl('l')], "Draw the screen anew"),
    Entry::new(Action::Help, ALWAYS, &[Key::f(1)], "Help for this place"),
    Entry::new(Action::Out, ALWAYS, &[Key::of(Code::Esc)], "One level out; texts are kept"),
    Entry::new(Action::Help, EVERYWHERE, &[Key::char('?')], "Help for this place; type to search, Enter runs")
        .hint("help", 90),
    Entry::new(Action::Palette, EVERYWHERE, &[Key::char(':'), Key::ctrl('p')], "Command palette").hint("command", 60),
    Entry::new(Action::Back, EVERYWHERE, &[Key::char('q')], "Back; quits at the top").hint("back", 20),
    Entry::new(Action::Go(Place::Home), EVERYWHERE, &[Key::char('1')], "Go to Home").same_as("maildesk status"),
    Entry::new(Action::Go(Place::Live), EVERYWHERE, &[Key::char('2')], "Go to Live")
        .same_as("maildesk events --follow"),
    Entry::new(Action::Go(Place::Tickets), EVERYWHERE, &[Key::char('4')], "Go to Tickets")
        .same_as("maildesk ticket list"),
    Entry::new(
        Action::Go(Place::Templates),
        EVERYWHERE,
        &[Key::char('8')],
        "Go to Templates (mails that maildesk writes)",
    )
    .same_as("maildesk template list"),
    Entry::new(Action::Go(Place::Queues), EVERYWHERE, &[Key::char('3')], "Go to Queues")
        .same_as("maildesk outbox list"),
    Entry::new(
        Action::Go(Place::Inbound),
        EVERYWHERE,
        &[Key::char('5')],
        "Go to Settings › Email › Inbound (mailboxes, IMAP)",
    )
    .same_as("maildesk mailbox list"),
    Entry::new(
        Action::Go(Place::Outbound),
        EVERYWHERE,
        &[Key::char('6')],
        "Go to Settings › Email › Outbound (senders, SMTP)",
    )
    .same_as("maildesk sender list"),
    Entry::new(Action::Go(Place::Filters), EVERYWHERE, &[Key::char('7')], "Go to Settings › Email › Filters (rules)")
        .same_as("maildesk filter list"),
    Entry::new(Action::Go(Place::More), EVERYWHERE, &[Key::char('9')], "Go to More: the directory and all other lists")
        .same_as("maildesk contact list"),
    Entry::new(Action::Go(Place::Setup), EVERYWHERE, &[Key::char('0')], "First run: set up the desk step by step")
        .same_as("maildesk setup"),
    Entry::new(Action::LastPlace, EVERYWHERE, &[Key::char('-')], "Go to the last screen"),
    Entry::new(
        Action::Refresh,
        EVERYWHERE,
        &[Key::f(5), Key::ctrl('r'), Key::char('r')],
        "Ask the daemon anew; connect now",
    ),
    Entry::new(Action::Times, EVERYWHERE, &[Key::char('z')], "Times: relative, local, UTC"),
    Entry::new(Action::Copy, EVERYWHERE, &[Key::char('y')], "Send the selected text to the terminal's clipboard"),
    Entry::new(Action::Pager, EVERYWHERE, &[Key::char('o')], "Open as plain text in $PAGER"),
    Entry::new(Action::Undo, EVERYWHERE, &[Key::char('u')], "Take back the answer that is still held")
        .writes()
        .same_as("maildesk outbox cancel ID"),
    Entry::new(Action::Up, LISTS, &[Key::char('k'), Key::of(Code::Up)], "Up"),
    Entry::new(Action::Down, LISTS, &[Key::char('j'), Key::of(Code::Down)], "Down"),
    Entry::new(Action::PageUp, LISTS, &[Key::of(Code::PageUp), Key::ctrl('u')], "A page up"),
    Entry::new(Action::PageDown, LISTS, &[Key::of(Code::PageDown), Key::ctrl('d')], "A page down"),
    Entry::new(Action::First, LISTS, &[Key::char('g'), Key::of(Code::Home)], "To the first"),
    Entry::new(Action::Last, LISTS, &[Key::char('G'), Key::of(Code::End)], "To the last"),
    Entry::new(Action::NextPane, LISTS, &[Key::of(Code::Tab), Key::of(Code::BackTab)], "Next pane"),
];
