//! Which tickets are listed, and in which order: said to the daemon, and to the person in the title.

use crate::app::long_list::{Keys, LongList};
use maildesk_core::rpc::{TicketOrder, TicketQuery, TicketRow};

/// The choices of the status facet; none is every ticket.
const STATUSES: [Option<&str>; 6] =
    [None, Some("new"), Some("open"), Some("pending"), Some("resolved"), Some("closed")];

/// What a search can say.
pub(super) const HELP: &str = "words; !word: without; status: priority: assignee: from: customer: tag: mailbox:";

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    Newest,
    Oldest,
    Due,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    status: usize,
    pub sort: Sort,
    pub words: String,
}

impl Choice {
    pub fn status(&self) -> Option<&'static str> {
        STATUSES.get(self.status).copied().flatten()
    }

    pub(super) fn next_status(&mut self) {
        self.status = (self.status + 1) % STATUSES.len();
    }

    pub(super) fn next_sort(&mut self) {
        self.sort = match self.sort {
            Sort::Newest => Sort::Oldest,
            Sort::Oldest => Sort::Due,
            Sort::Due => Sort::Newest,
        };
    }

    /// Whether some tickets are left out.
    pub fn narrows(&self) -> bool {
        !self.words.is_empty() || self.status > 0
    }

    /// Leaves out fewer: the words first.
    pub(super) fn widen(&mut self) {
        match self.words.is_empty() {
            true => self.status = 0,
            false => self.words.clear(),
        }
    }

    pub(super) fn keys(&self) -> Keys {
        match self.sort {
            Sort::Newest => Keys::Falling,
            Sort::Oldest => Keys::Rising,
            Sort::Due => Keys::Unordered,
        }
    }

    /// As the daemon is asked.
    pub(super) fn query(&self, reversed: bool) -> TicketQuery {
        let order = if self.sort == Sort::Due { TicketOrder::Due } else { TicketOrder::Newest };
        let words = self.words.split_whitespace().map(str::to_owned).collect();
        let reversed = reversed != (self.sort == Sort::Oldest);
        TicketQuery { status: self.status().map(str::to_owned), order, reversed, words }
    }

    /// What is listed, for the title.
    pub fn title(&self) -> String {
        let words = if self.words.is_empty() { String::new() } else { format!(", /{}", self.words) };
        format!("Tickets: {}{words}", self.status().unwrap_or("all"))
    }

    /// In which order, and how far the list is known.
    pub fn extent(&self, list: &LongList<TicketRow>) -> String {
        let sort = match self.sort {
            Sort::Newest => "newest first",
            Sort::Oldest => "oldest first",
            Sort::Due => "due first",
        };
        if !self.words.is_empty() {
            let found = list.rows.len();
            return match list.below.or(list.above) {
                Some(at) => format!("{sort}, {found} found, looked at up to #{at}"),
                None => format!("{sort}, {found} found, all looked at"),
            };
        }
        let more = match (list.above, list.below) {
            (None, None) => "",
            (Some(_), None) => ", more above",
            (None, Some(_)) => ", more below",
            (Some(_), Some(_)) => ", more above and below",
        };
        format!("{sort}, {} here{more}", list.rows.len())
    }
}
