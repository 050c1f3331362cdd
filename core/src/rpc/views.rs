//! What travels: rows of lists and whole things as consoles show them.

use super::sla::SlaBrief;
use crate::event::Removed;
use crate::ids::{BlobHash, ContactId, CustomerId, EntryNumber, EventSeq, MailId, OutboxId, Revision, TicketNumber};
use crate::language::Language;
use crate::notification::Kind;
use crate::outbox::{Attempt, OutboxState};
pub use crate::outbox::{OutboxAction, OutboxQuery, Suppression};
use crate::route::Outcome;
use crate::settings::{MailboxName, SenderName, SettingChange, Settings};
use crate::ticket::{AttachmentRef, Author, EntryKind, EntryPlace, Fold, Priority, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Marks one request, so that repeating it does its work once. Random, from the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RequestKey(pub [u8; 16]);

/// Which part of a list: rows after the cursor of the last row seen, at most `limit` ([`super::MAX_ROWS`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub after: Option<u64>,
    pub limit: u32,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows<T> {
    pub rows: Vec<T>,
    /// The cursor for the next part; absent at the end.
    pub next: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    pub daemon_version: String,
    /// Unix user name or id of the caller, as the socket says.
    pub user: String,
    pub access: Access,
    /// The Unix group whose members may write.
    pub write_group: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    Read,
    Write,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusView {
    pub version: String,
    pub started: Timestamp,
    pub mailboxes: Vec<MailboxStatus>,
    pub senders: Vec<SenderStatus>,
    pub storage: StorageStatus,
    /// Of senders that keep copies.
    pub sent_copies: Vec<SentCopyStatus>,
    pub counts: Counts,
    /// Resident memory of the daemon in bytes.
    pub memory: u64,
    /// Bytes free where the state folder is.
    pub disk_free: u64,
    /// The last clean-up since the start of the daemon.
    pub clean_up: Option<CleanUpStatus>,
    /// Silent mode is on; these addresses are written to.
    pub silent: Option<Vec<String>>,
}

/// What a clean-up removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanUpStatus {
    pub at: Timestamp,
    pub removed: Removed,
    /// Whole days that the clock is ahead of the clean-up before; nothing is removed until it is set right, or was so for
    /// a day of run time.
    pub doubted_days: Option<u32>,
}

impl CleanUpStatus {
    /// One clause for people.
    pub fn sentence(&self) -> String {
        match self.doubted_days {
            None => self.removed.sentence(),
            Some(days) => format!("waits: the clock is {days} days ahead of the last one"),
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub tickets: u64,
    pub mails: u64,
    pub outbox_due: u64,
    pub outbox_held: u64,
    pub outbox_sent: u64,
    pub outbox_failed: u64,
    pub outbox_cancelled: u64,
    pub quarantined: u64,
    pub contacts: u64,
    pub customers: u64,
    /// Blobs that wait for S3.
    pub uploads_waiting: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxStatus {
    pub name: MailboxName,
    pub state: WorkState,
    pub last_poll: Option<Timestamp>,
    /// Mails judged since the start of the daemon.
    pub judged: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderStatus {
    pub name: SenderName,
    pub state: WorkState,
    /// Mails sent since the start of the daemon.
    pub sent: u64,
    /// The largest mail its server takes, in bytes, where it has said so.
    pub size_limit: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageStatus {
    /// `folder`, or the bucket.
    pub place: String,
    pub state: WorkState,
}

/// How copies of a sender's sent mail come into their folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCopyStatus {
    pub sender: SenderName,
    pub mailbox: MailboxName,
    pub folder: String,
    pub state: WorkState,
    /// Copies that are still to be made; counted to 1000.
    pub waiting: u64,
}

/// How a mailbox, sender, storage or copying fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkState {
    /// Nothing was tried yet.
    Starting,
    Disabled,
    Working,
    /// It has sent as much as its rate limit allows and goes on then.
    RateLimited {
        until: Timestamp,
    },
    /// It failed; `diagnosis` says what, why and what to try.
    Faulty {
        since: Timestamp,
        next_try: Option<Timestamp>,
        diagnosis: crate::diagnosis::Diagnosis,
    },
}

impl WorkState {
    /// It works. True where it did not before.
    pub fn works(&mut self) -> bool {
        matches!(std::mem::replace(self, Self::Working), Self::Faulty { .. })
    }

    /// It failed and is tried again after a pause. What failed already did so since then.
    pub fn fails(&mut self, diagnosis: crate::diagnosis::Diagnosis, now: Timestamp, pause: std::time::Duration) {
        let next_try = now.checked_add(pause).ok();
        let since = if let Self::Faulty { since, .. } = self { *since } else { now };
        *self = Self::Faulty { since, next_try, diagnosis };
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    pub revision: Revision,
    pub settings: Settings,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsDiff {
    /// Of the settings as they now are.
    pub revision: Revision,
    pub changes: Vec<SettingChange>,
}

/// Which tickets come first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketOrder {
    #[default]
    Newest,
    /// What is due first; only tickets with a clock that runs.
    Due,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRow {
    pub number: TicketNumber,
    pub subject: String,
    pub status: Status,
    pub priority: Priority,
    pub contact: String,
    pub customer: Option<String>,
    pub mailbox: MailboxName,
    pub created: Timestamp,
    pub updated: Timestamp,
    pub entries: u32,
    pub revision: Revision,
    /// The clock that is due first; absent: none runs or waits.
    pub sla: Option<SlaBrief>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    pub row: TicketRow,
    pub contact: ContactRow,
    pub assignee: Option<String>,
    pub tags: Vec<String>,
    /// Tickets that it goes on from or goes on in.
    pub related: Vec<TicketNumber>,
    /// The ticket that it leads to since it was merged.
    pub merged_into: Option<TicketNumber>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    pub number: EntryNumber,
    pub at: Timestamp,
    pub author: Author,
    pub kind: EntryKind,
    pub text: String,
    pub folds: Vec<Fold>,
    pub attachments: Vec<AttachmentRef>,
    /// What is to be known about the mail beside its text.
    pub remarks: Vec<String>,
    pub message_id: Option<String>,
    pub mail: Option<MailId>,
    pub raw: Option<BlobHash>,
    pub outbox: Option<OutboxId>,
    /// Where it was written, if that was another ticket.
    pub came_from: Option<EntryPlace>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyView {
    pub ticket: TicketRow,
    pub entry: EntryNumber,
    pub outbox: OutboxId,
    /// It can be taken back (cancelled) until then.
    pub held_until: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxRow {
    pub id: OutboxId,
    pub kind: Kind,
    pub ticket: Option<TicketNumber>,
    pub sender: SenderName,
    pub to: String,
    pub subject: String,
    pub created: Timestamp,
    pub size: u64,
    pub state: OutboxState,
    pub attempts: u32,
    /// Temporary refusals that count.
    pub deferrals: u32,
    /// Of the last attempt.
    pub said: Option<String>,
    /// It is on a connection at this moment.
    pub sending: bool,
    /// The earlier mail of its ticket that has to go first.
    pub waits_for: Option<OutboxId>,
}

/// What a verb for many mails came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxBulk {
    /// Mails that the filter matched.
    pub matched: u64,
    /// Mails that were changed; of a dry run, that would be.
    pub changed: u64,
    /// The first of those that could not be, with the reason.
    pub refused: Vec<String>,
}

/// What a verb for many mails may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkConsent {
    /// Change nothing, say what would be.
    DryRun,
    /// Change them if exactly so many match.
    Confirmed(u64),
}

/// Suppressed addresses after a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuppressionRows {
    pub rows: Vec<Suppression>,
    /// The address to go on behind; absent at the end.
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxView {
    pub row: OutboxRow,
    pub from: String,
    pub message_id: String,
    pub entry: Option<EntryNumber>,
    pub attempts: Vec<Attempt>,
    /// Files that go along.
    pub attachments: Vec<AttachmentRef>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailRow {
    pub id: MailId,
    pub at: Timestamp,
    pub mailbox: MailboxName,
    pub from: String,
    pub subject: String,
    pub size: u64,
    pub raw: Option<BlobHash>,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRow {
    pub id: ContactId,
    pub name: Option<String>,
    pub addresses: Vec<String>,
    pub customer: Option<CustomerId>,
    pub customer_name: Option<String>,
    pub language: Option<Language>,
    /// When the contact answered an invitation, and so showed that the address is theirs.
    pub confirmed: Option<Timestamp>,
    pub created: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRow {
    pub id: CustomerId,
    pub name: String,
    pub domains: Vec<String>,
    pub created: Timestamp,
}

/// One line of a contact list; texts are checked by the daemon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactImport {
    /// Line of the file, for messages.
    pub line: u32,
    pub name: String,
    pub addresses: Vec<String>,
    /// Name of a customer that exists; empty: a new contact is found one by the domain of the first address, a known
    /// one keeps the one it has.
    pub customer: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerImport {
    /// Line of the file, for messages.
    pub line: u32,
    pub name: String,
    pub domains: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    pub added: u32,
    pub changed: u32,
    pub unchanged: u32,
}

/// Where a client that has seen nothing begins.
pub const BEFORE_ALL_EVENTS: EventSeq = EventSeq(0);
