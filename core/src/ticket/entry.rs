//! One item of a ticket's thread.

use super::EntryPlace;
use crate::address::Address;
use crate::ids::{BlobHash, ContactId, EntryNumber, MailId, OutboxId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub number: EntryNumber,
    pub at: Timestamp,
    pub author: Author,
    pub kind: EntryKind,
    /// The whole text. Quotes and signatures are folded by `folds`, never cut away.
    pub text: String,
    pub folds: Vec<Fold>,
    pub attachments: Vec<AttachmentRef>,
    /// What is to be known about the mail beside its text: checks of its sender, attachments that were left out.
    pub remarks: Vec<String>,
    /// Of the mail that this entry came with or left with, without angle brackets.
    pub message_id: Option<String>,
    /// The inbound mail it came from.
    pub mail: Option<MailId>,
    /// The raw inbound mail.
    pub raw: Option<BlobHash>,
    /// The mail it left as.
    pub outbox: Option<OutboxId>,
    /// A machine wrote it: a vacation notice or the like.
    pub automatic: bool,
    /// Where it was written, if that was another ticket than the one in which it is read.
    pub came_from: Option<EntryPlace>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    Contact {
        id: ContactId,
        address: Address,
        name: Option<String>,
    },
    /// Unix user name of the agent.
    Agent {
        name: String,
    },
    System,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Public: the customer sees it.
    Comment,
    /// Internal.
    Note,
    /// Internal: somebody who holds a reply token that was made for another person.
    UnverifiedNote,
    /// The ticket's status, priority, tags or agent changed.
    StatusChange,
    /// A mail of ours could not be delivered.
    DeliveryProblem,
    /// A due time of the ticket comes near or has passed.
    Sla,
}

impl Entry {
    /// What the author wrote anew, without quotes and signature.
    pub fn new_text(&self) -> String {
        let (mut text, mut at) = (String::new(), 0);
        for fold in &self.folds {
            text.push_str(self.text.get(at..fold.start as usize).unwrap_or_default());
            at = at.max(fold.end as usize);
        }
        text.push_str(self.text.get(at..).unwrap_or_default());
        text.trim().to_owned()
    }
}

impl EntryKind {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Note => "note",
            Self::UnverifiedNote => "unverified note",
            Self::StatusChange => "status",
            Self::DeliveryProblem => "delivery problem",
            Self::Sla => "due time",
        }
    }
}

/// A byte range of the text that is shown folded: a quote or a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    pub start: u32,
    pub end: u32,
}

/// An attachment's description; its bytes are the blob of that hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentRef {
    /// Safe as a file name.
    pub name: String,
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    pub blob: BlobHash,
    pub inline: bool,
    pub content_id: Option<String>,
}
