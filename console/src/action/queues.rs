//! What can be done with mails of the outbox and the quarantine.

use super::{Action, Context, Entry};
use crate::app::key::{Code, Key};

const QUEUES: Context = Context::Queues;
const HELD_BACK: Context = Context::Quarantine;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Action::NextItem, QUEUES, &[Key::char(']')], "Next queue").hint("queue", 75),
    Entry::new(Action::PreviousItem, QUEUES, &[Key::char('[')], "Previous queue"),
    Entry::new(Action::Open, QUEUES, &[Key::of(Code::Enter)], "Read the mail's record to its end")
        .hint("read", 70)
        .same_as("maildesk outbox show ID"),
    Entry::new(Action::Retry, QUEUES, &[Key::char('t')], "Try the marked mails now")
        .hint("retry", 80)
        .writes()
        .same_as("maildesk outbox retry ID"),
    Entry::new(Action::Hold, QUEUES, &[Key::char('H')], "Hold the marked mails, or release held ones")
        .hint("hold/release", 60)
        .writes()
        .same_as("maildesk outbox hold ID"),
    Entry::new(Action::Cancel, QUEUES, &[Key::char('x')], "Never send the marked mails; asks first")
        .hint("cancel", 65)
        .writes()
        .same_as("maildesk outbox cancel ID"),
    Entry::new(Action::Redirect, QUEUES, &[Key::char('a')], "Send this mail to another address")
        .writes()
        .same_as("maildesk outbox redirect ID ADDRESS"),
    Entry::new(Action::ReleaseMail, QUEUES, &[Key::char('l')], "Let this mail out of the quarantine; asks first")
        .writes()
        .same_as("maildesk quarantine release ID"),
    Entry::new(Action::ReplayMail, QUEUES, &[Key::char('n')], "Judge this mail of the quarantine anew; asks first")
        .writes()
        .same_as("maildesk quarantine replay ID"),
    Entry::new(Action::DiscardMail, QUEUES, &[Key::char('D')], "Drop this mail of the quarantine, with a reason")
        .writes()
        .same_as("maildesk quarantine discard ID --reason NAME"),
    Entry::new(Action::Mark, QUEUES, &[Key::char(' ')], "Mark, or unmark").hint("mark", 50),
    Entry::new(Action::MarkAll, QUEUES, &[Key::char('*')], "Mark everything that is shown; Esc clears"),
    Entry::new(Action::NextItem, HELD_BACK, &[Key::char(']')], "Next queue").hint("queue", 75),
    Entry::new(Action::PreviousItem, HELD_BACK, &[Key::char('[')], "Previous queue"),
    Entry::new(Action::Open, HELD_BACK, &[Key::of(Code::Enter)], "Read why it is held back, to the end")
        .hint("read", 55)
        .same_as("maildesk mail why ID"),
    Entry::new(Action::ReleaseMail, HELD_BACK, &[Key::char('l')], "Let this mail out of the quarantine; asks first")
        .hint("let out", 70)
        .writes()
        .same_as("maildesk quarantine release ID"),
    Entry::new(Action::ReplayMail, HELD_BACK, &[Key::char('n')], "Judge this mail of the quarantine anew; asks first")
        .hint("judge anew", 65)
        .writes()
        .same_as("maildesk quarantine replay ID"),
    Entry::new(Action::DiscardMail, HELD_BACK, &[Key::char('D')], "Drop this mail of the quarantine, with a reason")
        .hint("drop", 62)
        .writes()
        .same_as("maildesk quarantine discard ID --reason NAME"),
    Entry::new(
        Action::RuleFrom,
        HELD_BACK,
        &[Key::char('f')],
        "New rule from this mail, in $EDITOR; a draft until it is saved",
    )
    .writes()
    .same_as("maildesk filter add FILE"),
    Entry::new(Action::TryRules, HELD_BACK, &[Key::char('T')], "Try the rules, with their draft, on this mail")
        .same_as("maildesk filter try FILE"),
];
