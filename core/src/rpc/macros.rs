//! Macros: what changes them, and what one does to a ticket.

use super::TicketRow;
use crate::ids::{OutboxId, Revision, TicketNumber};
use crate::macros::{Macro, MacroName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Macros of one answer at the most.
pub const MACROS_AT_ONCE: u32 = 50;

/// One change of the macros that are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MacroChange {
    pub name: MacroName,
    /// As it is to be; absent: it is removed.
    pub to: Option<Macro>,
    /// The revision that the person saw, 0 where there was none; absent: whatever it is.
    pub seen: Option<Revision>,
}

/// What became of a macro.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MacroChanged {
    pub name: MacroName,
    pub what: MacroFate,
    /// As it is now; of a removed one, its last.
    pub revision: Revision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MacroFate {
    Added,
    Changed,
    Unchanged,
    Removed,
}

impl MacroFate {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Removed => "removed",
        }
    }
}

/// Applies a macro, if it still is at revision `seen`, to one ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MacroCall {
    pub name: MacroName,
    pub seen: Revision,
    pub ticket: TicketNumber,
    /// Says what would be; changes nothing.
    pub dry_run: bool,
}

/// What a macro did to a ticket, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MacroOutcome {
    /// As it is then.
    pub ticket: TicketRow,
    pub reply: Option<MacroReply>,
    pub note: Option<String>,
    /// Status, tags, priority, agent: each change in words.
    pub changes: Vec<String>,
}

/// The answer that a macro sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MacroReply {
    pub to: String,
    pub subject: String,
    /// What the agent would have typed.
    pub text: String,
    pub outbox: OutboxId,
    /// It can be taken back (cancelled) until then.
    pub held_until: Option<Timestamp>,
}
