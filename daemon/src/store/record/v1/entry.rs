//! An entry of a ticket's thread on disk.

use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::ids::{BlobHash, ContactId, EntryNumber, MailId, OutboxId};
use maildesk_core::ticket::{AttachmentRef, Author, Entry, EntryKind, Fold};
use serde::{Deserialize, Serialize};

use super::each;

/// [`Entry`].
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct EntryRecord {
    number: EntryNumber,
    at: Timestamp,
    author: AuthorRecord,
    kind: EntryKindRecord,
    text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    folds: Vec<FoldRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<String>,
    message_id: Option<String>,
    mail: Option<MailId>,
    raw: Option<BlobHash>,
    outbox: Option<OutboxId>,
    #[serde(default)]
    automatic: bool,
}

impl From<Entry> for EntryRecord {
    fn from(entry: Entry) -> EntryRecord {
        let Entry {
            number,
            at,
            author,
            kind,
            text,
            folds,
            attachments,
            remarks,
            message_id,
            mail,
            raw,
            outbox,
            automatic,
            // It follows from where the entry is read.
            came_from: _,
        } = entry;
        EntryRecord {
            number,
            at,
            author: author.into(),
            kind: kind.into(),
            text,
            folds: each(folds),
            attachments: each(attachments),
            remarks,
            message_id,
            mail,
            raw,
            outbox,
            automatic,
        }
    }
}

impl From<EntryRecord> for Entry {
    fn from(record: EntryRecord) -> Entry {
        let EntryRecord {
            number,
            at,
            author,
            kind,
            text,
            folds,
            attachments,
            remarks,
            message_id,
            mail,
            raw,
            outbox,
            automatic,
        } = record;
        Entry {
            number,
            at,
            author: author.into(),
            kind: kind.into(),
            text,
            folds: each(folds),
            attachments: each(attachments),
            remarks,
            message_id,
            mail,
            raw,
            outbox,
            automatic,
            came_from: None,
        }
    }
}

same_enum!(AuthorRecord = Author {
    Contact { id: ContactId, address: Address, name: Option<String> },
    Agent { name: String },
    System {},
});

same_word!(EntryKindRecord = EntryKind { Comment, Note, UnverifiedNote, StatusChange, DeliveryProblem, Sla });

same_struct!(FoldRecord = Fold { start: u32, end: u32 });

same_struct!(AttachmentRecord = AttachmentRef {
    name: String,
    content_type: String,
    size: u64,
    blob: BlobHash,
    inline: bool,
    content_id: Option<String>,
});
