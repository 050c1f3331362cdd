//! What merging and splitting tickets came to, or would.

use super::TicketRow;
use crate::ids::{EntryNumber, TicketNumber};
use crate::ticket::Priority;
use serde::{Deserialize, Serialize};

/// Tickets that are one matter, or one that is two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketMove {
    /// `source` becomes part of `target`: its entries stand there, its mail goes there, and it is closed.
    Merge { source: TicketNumber, target: TicketNumber },
    /// These entries become a ticket of their own; mail that answers theirs goes there.
    Split { ticket: TicketNumber, entries: Vec<EntryNumber>, subject: Option<String> },
}

/// What a [`TicketMove`] of the same name came to, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovedTickets {
    Merged(Box<MergeView>),
    Split(Box<SplitView>),
}

/// A merge, done or rehearsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeView {
    pub source: TicketNumber,
    /// The ticket that both are from now on.
    pub target: TicketRow,
    /// Entries that it got.
    pub entries: u32,
    /// Tags that it got.
    pub tags: Vec<String>,
    /// Its priority before, where the source mattered more.
    pub raised_from: Option<Priority>,
    /// Its agent from now on, where nobody was in charge and the source had one.
    pub assigned: Option<String>,
    /// Its status before, where it was opened because the source still wanted work.
    pub opened_from: Option<String>,
    /// Mails of the source that are still to be sent, and go all the same.
    pub mails_waiting: u32,
    /// Who asked in the source, where that is somebody else: answers go to the target's requester alone.
    pub other_requester: Option<String>,
}

/// A split, done or rehearsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitView {
    pub old: TicketRow,
    pub new: TicketRow,
    /// The oldest first.
    pub entries: Vec<MovedEntry>,
}

/// The number that an entry had in the old ticket, and the one that it has in the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedEntry {
    pub was: EntryNumber,
    pub is: EntryNumber,
}
