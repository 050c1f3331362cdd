//! What became of an inbound mail, and why: the verdict log.

use crate::ids::{BlobHash, EntryNumber, MailId, OutboxId, TicketNumber, Uid, UidValidity};
use crate::mail::MailIssue;
use crate::settings::MailboxName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Every unread mail ends as exactly one of these (invariant 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    NewTicket {
        ticket: TicketNumber,
    },
    /// A public comment on its ticket.
    Comment {
        ticket: TicketNumber,
        entry: EntryNumber,
    },
    /// An internal note: somebody else held the reply token.
    UnverifiedNote {
        ticket: TicketNumber,
        entry: EntryNumber,
    },
    /// A mail of ours came back or is late: noted on its ticket.
    BounceNote {
        ticket: TicketNumber,
        entry: EntryNumber,
        outbox: OutboxId,
    },
    /// Nothing is kept but this record and the raw mail.
    Dropped {
        rule: String,
    },
    /// Kept for a person to look at.
    Quarantined {
        reason: String,
    },
}

impl Outcome {
    /// One clause for people.
    pub fn sentence(&self) -> String {
        match self {
            Self::NewTicket { ticket } => format!("new ticket #{ticket}"),
            Self::Comment { ticket, .. } => format!("comment on #{ticket}"),
            Self::UnverifiedNote { ticket, .. } => format!("unverified note on #{ticket}"),
            Self::BounceNote { ticket, outbox, .. } => format!("bounce of mail {outbox}, noted on #{ticket}"),
            Self::Dropped { rule } => format!("dropped, {rule}"),
            Self::Quarantined { reason } => format!("quarantined, {reason}"),
        }
    }

    pub fn ticket(&self) -> Option<TicketNumber> {
        match self {
            Self::NewTicket { ticket }
            | Self::Comment { ticket, .. }
            | Self::UnverifiedNote { ticket, .. }
            | Self::BounceNote { ticket, .. } => Some(*ticket),
            Self::Dropped { .. } | Self::Quarantined { .. } => None,
        }
    }
}

/// One step that led to an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceStep {
    /// `parse`, `facts`, `route`, `answer`.
    pub step: String,
    pub said: String,
}

/// One inbound mail as judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedMail {
    pub id: MailId,
    pub at: Timestamp,
    pub mailbox: MailboxName,
    pub uid_validity: UidValidity,
    pub uid: Uid,
    /// When the server took it in (INTERNALDATE).
    pub received: Option<Timestamp>,
    pub from: String,
    pub subject: String,
    pub message_id: Option<String>,
    /// Bytes of the raw mail.
    pub size: u64,
    pub raw: Option<BlobHash>,
    pub outcome: Outcome,
    pub trace: Vec<TraceStep>,
    pub issues: Vec<MailIssue>,
}
