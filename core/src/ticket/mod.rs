//! The ticket: status machine, commands, entries of its thread.

mod action;
pub(crate) mod command;
mod entry;
mod merge;
mod moves;
mod passing;
mod split;

pub use action::{TicketAction, act, is_user_name, usable_tag};
pub(crate) use command::change_status;
pub use command::{Applied, Command, Rejected, apply};
pub use entry::{AttachmentRef, Author, Entry, EntryKind, Fold};
pub use merge::{Merged, may_merge, merge, wants_work};
pub use moves::{EntryPlace, Moves};
pub use passing::{moved_by_time, next_move};
pub use split::{may_leave, say_split, split_off};

use crate::ids::{ContactId, CustomerId, Revision, TicketNumber};
use crate::settings::MailboxName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A conversation with a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub number: TicketNumber,
    /// One clean line, possibly empty.
    pub subject: String,
    pub status: Status,
    pub priority: Priority,
    /// The requester.
    pub contact: ContactId,
    pub customer: Option<CustomerId>,
    /// User name of the agent in charge.
    pub assignee: Option<String>,
    /// Words to sort by, in the order in which they were given.
    pub tags: Vec<String>,
    /// Tickets that it goes on from or goes on in, in the order in which that was found.
    pub related: Vec<TicketNumber>,
    /// Where its mail came in, and whose sender answers.
    pub mailbox: MailboxName,
    pub created: Timestamp,
    pub updated: Timestamp,
    /// The last number that an entry got; they are numbered from 1.
    pub entries: u32,
    pub revision: Revision,
    /// What merging and splitting did to it.
    pub moves: Moves,
}

impl Ticket {
    /// A ticket as it begins: new, of usual priority, nobody's, nothing said yet.
    pub fn begun(
        number: TicketNumber,
        subject: String,
        contact: ContactId,
        mailbox: MailboxName,
        at: Timestamp,
    ) -> Self {
        Self {
            number,
            subject,
            status: Status::New,
            priority: Priority::default(),
            contact,
            customer: None,
            assignee: None,
            tags: Vec::new(),
            related: Vec::new(),
            mailbox,
            created: at,
            updated: at,
            entries: 0,
            revision: Revision(1),
            moves: Moves::default(),
        }
    }

    /// Notes that the other ticket belongs to this one; once is enough.
    pub fn relate(&mut self, other: TicketNumber) {
        if other != self.number && !self.related.contains(&other) {
            self.related.push(other);
        }
    }
}

/// Where a ticket stands; what belongs to a state lives in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// No agent has answered.
    New,
    Open,
    /// Waits for the customer or until a time.
    Pending {
        until: Option<Timestamp>,
    },
    Resolved {
        at: Timestamp,
    },
    Closed {
        at: Timestamp,
    },
}

impl Status {
    /// The word people see and filter by.
    pub fn word(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Pending { .. } => "pending",
            Self::Resolved { .. } => "resolved",
            Self::Closed { .. } => "closed",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Low,
    #[default]
    Normal,
    High,
    Urgent,
}

impl Priority {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}
