//! Tickets and their entries for scripts.

use super::directory::Contact;
use super::sla::Due;
use jiff::Timestamp;
use maildesk_core::ids::{BlobHash, ContactId, EntryNumber, MailId, OutboxId, Revision, TicketNumber};
use maildesk_core::rpc::{EntryView, MergeView, MovedEntry, ReplyView, SplitView, TicketRow, TicketView};
use maildesk_core::settings::MailboxName;
use maildesk_core::ticket::{AttachmentRef, Author, EntryKind, EntryPlace, Fold, Priority, Status};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct Ticket {
    pub number: TicketNumber,
    pub subject: String,
    /// `new`, `open`, `pending`, `resolved`, `closed`.
    pub status: &'static str,
    /// Until when it is pending, or since when it is resolved or closed.
    pub status_at: Option<Timestamp>,
    pub priority: Priority,
    /// Name or address of the requester.
    pub contact: String,
    pub customer: Option<String>,
    pub mailbox: MailboxName,
    pub created: Timestamp,
    pub updated: Timestamp,
    pub entries: u32,
    pub revision: Revision,
    /// The clock that is due first.
    pub sla: Option<Due>,
}

impl From<TicketRow> for Ticket {
    fn from(row: TicketRow) -> Self {
        let status_at = match row.status {
            Status::New | Status::Open => None,
            Status::Pending { until } => until,
            Status::Resolved { at } | Status::Closed { at } => Some(at),
        };
        let status = row.status.word();
        let TicketRow { number, subject, priority, contact, customer, mailbox, created, .. } = row;
        let TicketRow { updated, entries, revision, sla, .. } = row;
        Self {
            number,
            subject,
            status,
            status_at,
            priority,
            contact,
            customer,
            mailbox,
            created,
            updated,
            entries,
            revision,
            sla: sla.map(Due::from),
        }
    }
}

/// A ticket with its whole thread.
#[derive(Debug, Serialize)]
pub struct Thread {
    pub ticket: Ticket,
    pub requester: Contact,
    pub assignee: Option<String>,
    pub tags: Vec<String>,
    /// Tickets that it goes on from or goes on in.
    pub related: Vec<TicketNumber>,
    /// The ticket that it leads to since it was merged.
    pub merged_into: Option<TicketNumber>,
    pub entries: Vec<Entry>,
}

impl Thread {
    pub fn of(view: TicketView, entries: Vec<EntryView>) -> Self {
        let entries = entries.into_iter().map(Entry::from).collect();
        Self {
            ticket: view.row.into(),
            requester: view.contact.into(),
            assignee: view.assignee,
            tags: view.tags,
            related: view.related,
            merged_into: view.merged_into,
            entries,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Entry {
    pub number: EntryNumber,
    pub at: Timestamp,
    pub author: EntryAuthor,
    /// `comment`, `note`, `unverified_note`, `status_change`, `delivery_problem`, `sla`.
    pub kind: EntryKind,
    pub text: String,
    /// Quotes and signatures, as ranges of bytes of `text`.
    pub folds: Vec<Fold>,
    pub attachments: Vec<Attachment>,
    pub remarks: Vec<String>,
    pub message_id: Option<String>,
    pub mail: Option<MailId>,
    pub raw_sha256: Option<BlobHash>,
    pub outbox: Option<OutboxId>,
    /// Where it was written, if that was another ticket.
    pub came_from: Option<EntryPlace>,
}

#[derive(Debug, Serialize)]
pub struct EntryAuthor {
    /// `contact`, `agent`, `system`.
    pub kind: &'static str,
    pub name: Option<String>,
    pub address: Option<String>,
    pub contact: Option<ContactId>,
}

#[derive(Debug, Serialize)]
pub struct Attachment {
    pub name: String,
    pub content_type: String,
    pub size: u64,
    pub sha256: BlobHash,
    pub inline: bool,
}

impl From<AttachmentRef> for Attachment {
    fn from(given: AttachmentRef) -> Self {
        let AttachmentRef { name, content_type, size, blob, inline, .. } = given;
        Self { name, content_type, size, sha256: blob, inline }
    }
}

impl From<Author> for EntryAuthor {
    fn from(author: Author) -> Self {
        match author {
            Author::Contact { id, address, name } => {
                Self { kind: "contact", name, address: Some(address.into()), contact: Some(id) }
            }
            Author::Agent { name } => Self { kind: "agent", name: Some(name), address: None, contact: None },
            Author::System => Self { kind: "system", name: None, address: None, contact: None },
        }
    }
}

impl From<EntryView> for Entry {
    fn from(view: EntryView) -> Self {
        Self {
            number: view.number,
            at: view.at,
            author: view.author.into(),
            kind: view.kind,
            text: view.text,
            folds: view.folds,
            attachments: view.attachments.into_iter().map(Attachment::from).collect(),
            remarks: view.remarks,
            message_id: view.message_id,
            mail: view.mail,
            raw_sha256: view.raw,
            outbox: view.outbox,
            came_from: view.came_from,
        }
    }
}

/// What an answer led to.
#[derive(Debug, Serialize)]
pub struct Reply {
    pub ticket: Ticket,
    pub entry: EntryNumber,
    pub outbox: OutboxId,
}

impl From<ReplyView> for Reply {
    fn from(view: ReplyView) -> Self {
        Self { ticket: view.ticket.into(), entry: view.entry, outbox: view.outbox }
    }
}

/// What a merge came to, or would.
#[derive(Debug, Serialize)]
pub struct Merge {
    pub dry_run: bool,
    pub source: TicketNumber,
    pub target: Ticket,
    /// Entries and tags that the target got.
    pub entries: u32,
    pub tags: Vec<String>,
    /// Its priority before, where it was raised.
    pub raised_from: Option<&'static str>,
    /// Its agent from now on, where it got one.
    pub assigned: Option<String>,
    /// Its status before, where it was opened.
    pub opened_from: Option<String>,
    pub mails_waiting: u32,
    /// Who asked in the source, where that is somebody else.
    pub other_requester: Option<String>,
}

impl Merge {
    pub fn of(view: MergeView, dry_run: bool) -> Self {
        let MergeView {
            source,
            target,
            entries,
            tags,
            raised_from,
            assigned,
            opened_from,
            mails_waiting,
            other_requester,
        } = view;
        Self {
            dry_run,
            source,
            target: target.into(),
            entries,
            tags,
            raised_from: raised_from.map(|priority| priority.word()),
            assigned,
            opened_from,
            mails_waiting,
            other_requester,
        }
    }
}

/// What a split came to, or would.
#[derive(Debug, Serialize)]
pub struct Split {
    pub dry_run: bool,
    pub old: Ticket,
    pub new: Ticket,
    pub entries: Vec<MovedEntry>,
}

impl Split {
    pub fn of(view: SplitView, dry_run: bool) -> Self {
        Self { dry_run, old: view.old.into(), new: view.new.into(), entries: view.entries }
    }
}
