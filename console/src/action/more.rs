//! What can be done in More.

use super::{Action, Context, Entry};
use crate::app::key::{Code, Key};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Action::NextItem, Context::More, &[Key::char(']')], "Next list").hint("next list", 75),
    Entry::new(Action::PreviousItem, Context::More, &[Key::char('[')], "Previous list"),
    Entry::new(Action::NextItem, Context::Suppressions, &[Key::char(']')], "Next list").hint("next list", 75),
    Entry::new(Action::PreviousItem, Context::Suppressions, &[Key::char('[')], "Previous list"),
    Entry::new(Action::NextItem, Context::Doctor, &[Key::char(']')], "Next list").hint("next list", 75),
    Entry::new(Action::PreviousItem, Context::Doctor, &[Key::char('[')], "Previous list"),
    Entry::new(Action::Suppress, Context::Suppressions, &[Key::char('a')], "Suppress an address")
        .hint("add", 70)
        .writes()
        .same_as("maildesk suppression add ADDRESS --reason TEXT"),
    Entry::new(Action::Remove, Context::Suppressions, &[Key::char('x')], "Write to this address again; asks first")
        .hint("remove", 65)
        .writes()
        .same_as("maildesk suppression remove ADDRESS"),
    Entry::new(Action::Open, Context::Doctor, &[Key::of(Code::Enter)], "Examine the desk and its senders now")
        .hint("examine", 80)
        .same_as("maildesk doctor"),
];
