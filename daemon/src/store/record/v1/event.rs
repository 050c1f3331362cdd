//! An event on disk.

use jiff::Timestamp;
use maildesk_core::event::{DomainEvent, Event, Removed};
use maildesk_core::ids::{
    ContactId, CustomerId, EntryNumber, EventSeq, InvitationId, MailId, OutboxId, Revision, TicketNumber,
};
use maildesk_core::settings::{MacroName, MailboxName, SenderName};

use super::language::LanguageRecord;
use super::mail::OutcomeRecord;
use super::outbox::KindRecord;

same_struct!(EventRecord = Event { seq: EventSeq, at: Timestamp, what: DomainEventRecord });

same_struct!(
    RemovedRecord =
        Removed { verdicts: u64, quarantined: u64, raw_mails: u64, bytes: u64, blocks: u64, suppressions: u64 }
);

same_enum!(DomainEventRecord = DomainEvent {
    MailJudged {
        mail: MailId,
        mailbox: MailboxName,
        from: String,
        subject: String,
        outcome: OutcomeRecord,
        acknowledgement: Option<OutboxId>,
    },
    AgentReplied { ticket: TicketNumber, entry: EntryNumber, outbox: OutboxId, by: String },
    NoteAdded { ticket: TicketNumber, entry: EntryNumber, by: String },
    StatusChanged { ticket: TicketNumber, from: String, to: String, by: String },
    TicketMerged { ticket: TicketNumber, into: TicketNumber, entries: u32, by: String },
    TicketSplit { ticket: TicketNumber, new: TicketNumber, entries: u32, by: String },
    TicketAssigned { ticket: TicketNumber, to: Option<String>, by: String },
    MailSent { outbox: OutboxId, kind: KindRecord, ticket: Option<TicketNumber>, to: String, server_said: String },
    MailDeferred { outbox: OutboxId, to: String, server_said: String, next: Timestamp },
    MailFailed { outbox: OutboxId, ticket: Option<TicketNumber>, to: String, reason: String },
    MailCancelled { outbox: OutboxId, by: String },
    MailRetried { outbox: OutboxId, by: String },
    MailHeld { outbox: OutboxId, by: String },
    MailReleased { outbox: OutboxId, by: String },
    MailRedirected { outbox: OutboxId, to: String, by: String },
    OutboxBulk { action: String, mails: u64, by: String },
    DeliveryProblem { ticket: TicketNumber, outbox: OutboxId, to: String, assignee: Option<String>, said: String },
    AgentNotTold { ticket: TicketNumber, agent: String, notice: KindRecord, reason: String },
    TemplateFailed { kind: KindRecord, outbox: OutboxId, reason: String },
    TemplateSaved { kind: KindRecord, language: LanguageRecord, revision: Revision, reset: bool, by: String },
    MacroChanged { name: MacroName, revision: Revision, removed: bool, by: String },
    AddressSuppressed { address: String, reason: String, by: String },
    SuppressionRemoved { address: String, by: String },
    PersonBlocked { who: String, reason: String, by: String },
    PersonUnblocked { who: String, by: String },
    ContactChanged { contact: ContactId, what: String, by: String },
    InvitationChanged { invitation: InvitationId, what: String, by: String },
    TokenKeyRotated { by: String },
    MailboxFault { mailbox: MailboxName, meaning: String },
    MailboxRecovered { mailbox: MailboxName },
    SenderFault { sender: SenderName, meaning: String },
    SenderRecovered { sender: SenderName },
    StorageFault { meaning: String },
    StorageRecovered {},
    SlaWarning {
        ticket: TicketNumber,
        target: String,
        lead: String,
        due: Option<Timestamp>,
        policy: String,
        told: Vec<String>,
    },
    SlaBreached { ticket: TicketNumber, target: String, due: Option<Timestamp>, policy: String, told: Vec<String> },
    CleanedUp { removed: RemovedRecord },
    SettingsApplied { revision: Revision, by: String },
    DirectoryImported { contacts: u32, customers: u32, by: String },
    CustomerChanged { customer: CustomerId, what: String, by: String },
});
