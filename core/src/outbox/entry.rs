//! One mail to send, and where it stands.

use crate::address::Address;
use crate::ids::{EntryNumber, OutboxId, TicketNumber};
use crate::notification::Kind;
use crate::settings::SenderName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A rendered mail in the durable queue. Its MIME bytes are kept beside it and never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    pub id: OutboxId,
    pub kind: Kind,
    pub ticket: Option<TicketNumber>,
    /// The entry of the ticket that it carries or follows.
    pub entry: Option<EntryNumber>,
    pub sender: SenderName,
    pub from: Address,
    pub to: Address,
    pub subject: String,
    /// Without angle brackets; fixed when queued, so that a mail sent twice is one mail to its reader.
    pub message_id: String,
    pub created: Timestamp,
    /// Bytes of the MIME message.
    pub size: u64,
    pub state: OutboxState,
    /// The newest last; at most [`ATTEMPTS_KEPT`].
    pub attempts: Vec<Attempt>,
    /// How often the server refused for the time being; connection faults do not count.
    pub deferrals: u32,
}

/// Attempts whose words are kept with an entry.
pub const ATTEMPTS_KEPT: usize = 10;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    Due { at: Timestamp },
    Sent { at: Timestamp, server_said: String },
    Failed { at: Timestamp, reason: String },
    Cancelled { at: Timestamp, by: String },
}

impl OutboxState {
    /// The word people see and filter by.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Due { .. } => "due",
            Self::Sent { .. } => "sent",
            Self::Failed { .. } => "failed",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}

/// What one try to send came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub at: Timestamp,
    /// The server's words, or what went wrong before it could speak.
    pub said: String,
}
