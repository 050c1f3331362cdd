//! What can be done on Home.

use super::{Action, Context, Entry};
use crate::app::key::{Code, Key};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Action::Open, Context::Home, &[Key::of(Code::Enter)], "Go to where it can be mended").hint("open", 80),
    Entry::new(Action::PollNow, Context::Home, &[Key::char('p')], "Poll all mailboxes now")
        .hint("poll now", 50)
        .writes()
        .same_as("maildesk mailbox poll"),
];
