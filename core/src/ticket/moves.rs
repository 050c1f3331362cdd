//! Tickets that were merged or split: what that does to a thread, and to where its mail goes.
//!
//! An entry is written once and stays where it was written. A merge or a split only says in which ticket it stands
//! now, under a number of that ticket; both of its names stay good.

use super::{EntryKind, Rejected, Ticket};
use crate::ids::{EntryNumber, TicketNumber};
use serde::{Deserialize, Serialize};

/// An entry by its ticket and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryPlace {
    pub ticket: TicketNumber,
    pub entry: EntryNumber,
}

/// How a thread differs from what was written to its ticket. All zero where nothing was merged or split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Moves {
    /// The ticket that this one was merged into: there its mail goes since.
    pub merged_into: Option<TicketNumber>,
    /// Entries up to this number stand in the order of their times; later ones follow in their own.
    pub arranged: u32,
    /// Numbers whose entries stand in another ticket now.
    pub gone: u32,
}

impl Moves {
    /// Whether anything was ever merged or split here.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }
}

impl Ticket {
    /// Refuses what is done to a ticket that leads to another one.
    ///
    /// # Errors
    /// [`Rejected::Merged`].
    pub fn refuse_merged(&self) -> Result<(), Rejected> {
        match self.moves.merged_into {
            Some(into) => Err(Rejected::Merged { number: self.number, into }),
            None => Ok(()),
        }
    }

    /// Entries that stand in its thread.
    pub fn in_thread(&self) -> u32 {
        self.entries.saturating_sub(self.moves.gone)
    }
}

impl EntryKind {
    /// Whether it tells of the ticket itself and so never leaves it: its status, its due times.
    pub fn stays(self) -> bool {
        matches!(self, Self::StatusChange | Self::Sla)
    }
}
