//! What can be done in Live.

use super::{Action, Context, Entry};
use crate::app::key::{Code, Key};

const LIVE: Context = Context::Live;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Action::Open, LIVE, &[Key::of(Code::Enter)], "Why this verdict: each step of the mail")
        .hint("why", 80)
        .same_as("maildesk mail show ID"),
    Entry::new(Action::Pause, LIVE, &[Key::char('p')], "Pause, or follow again").hint("pause", 75),
    Entry::new(Action::Follow, LIVE, &[Key::char('F')], "Follow: to the newest").hint("follow", 70),
    Entry::new(Action::NextProblem, LIVE, &[Key::char('}')], "To the next problem").hint("next problem", 50),
    Entry::new(Action::PreviousProblem, LIVE, &[Key::char('{')], "To the previous problem"),
    Entry::new(Action::ProblemsOnly, LIVE, &[Key::char('!')], "Problems only, or everything").hint("problems", 40),
    Entry::new(Action::Filter, LIVE, &[Key::char('/')], "Show only what holds these words; Esc clears")
        .hint("filter", 55),
    Entry::new(
        Action::RuleFrom,
        LIVE,
        &[Key::char('f')],
        "New rule from this mail, in $EDITOR; a draft until it is saved",
    )
    .writes()
    .same_as("maildesk filter add FILE"),
    Entry::new(Action::TryRules, LIVE, &[Key::char('T')], "Try the rules, with their draft, on this mail")
        .same_as("maildesk filter try FILE"),
    Entry::new(Action::NextItem, LIVE, &[Key::char('t')], "Go to the ticket of this event")
        .hint("ticket", 45)
        .same_as("maildesk ticket show N"),
];
