//! What one commit says happened: numbered events, streamed to consoles.

mod words;

use crate::ids::{
    ContactId, CustomerId, EntryNumber, EventSeq, InvitationId, MailId, OutboxId, Revision, TicketNumber,
};
use crate::language::Language;
use crate::notification::Kind;
use crate::route::Outcome;
use crate::settings::{MacroName, MailboxName, SenderName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub seq: EventSeq,
    pub at: Timestamp,
    pub what: DomainEvent,
}

/// What one clean-up removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    pub verdicts: u64,
    /// Of them, mails of the quarantine that nobody decided about.
    pub quarantined: u64,
    pub raw_mails: u64,
    /// Bytes of raw mails.
    pub bytes: u64,
    pub blocks: u64,
    pub suppressions: u64,
}

impl Removed {
    /// One clause for people.
    pub fn sentence(&self) -> String {
        let Self { verdicts, quarantined, raw_mails, bytes, blocks, suppressions } = *self;
        let parts = [
            (verdicts, "verdicts"),
            (quarantined, "of the quarantine"),
            (raw_mails, "raw mails"),
            (bytes, "bytes"),
            (blocks, "blocks"),
            (suppressions, "suppressed addresses"),
        ];
        let said = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
        let said: Vec<String> = said.collect();
        if said.is_empty() { "nothing to remove".into() } else { said.join(", ") }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DomainEvent {
    /// An inbound mail got its verdict; ticket, entry and acknowledgement are of the same commit.
    MailJudged {
        mail: MailId,
        mailbox: MailboxName,
        from: String,
        subject: String,
        outcome: Outcome,
        acknowledgement: Option<OutboxId>,
    },
    /// An agent answered; the answer is queued.
    AgentReplied {
        ticket: TicketNumber,
        entry: EntryNumber,
        outbox: OutboxId,
        by: String,
    },
    NoteAdded {
        ticket: TicketNumber,
        entry: EntryNumber,
        by: String,
    },
    StatusChanged {
        ticket: TicketNumber,
        from: String,
        to: String,
        by: String,
    },
    /// One matter: `ticket` leads to `into` from now on.
    TicketMerged {
        ticket: TicketNumber,
        into: TicketNumber,
        entries: u32,
        by: String,
    },
    /// Two matters: entries of `ticket` are the ticket `new` from now on.
    TicketSplit {
        ticket: TicketNumber,
        new: TicketNumber,
        entries: u32,
        by: String,
    },
    /// Another agent is in charge, or nobody.
    TicketAssigned {
        ticket: TicketNumber,
        to: Option<String>,
        by: String,
    },
    MailSent {
        outbox: OutboxId,
        kind: Kind,
        ticket: Option<TicketNumber>,
        to: String,
        server_said: String,
    },
    /// The server refused for the time being; it is tried again.
    MailDeferred {
        outbox: OutboxId,
        to: String,
        server_said: String,
        next: Timestamp,
    },
    /// It will not be sent.
    MailFailed {
        outbox: OutboxId,
        ticket: Option<TicketNumber>,
        to: String,
        reason: String,
    },
    MailCancelled {
        outbox: OutboxId,
        by: String,
    },
    MailRetried {
        outbox: OutboxId,
        by: String,
    },
    MailHeld {
        outbox: OutboxId,
        by: String,
    },
    MailReleased {
        outbox: OutboxId,
        by: String,
    },
    /// A person changed the recipient.
    MailRedirected {
        outbox: OutboxId,
        to: String,
        by: String,
    },
    /// One verb for many mails of the outbox; `action` is its word.
    OutboxBulk {
        action: String,
        mails: u64,
        by: String,
    },
    /// A ticket's mail does not get through; for the assignee, or everybody where there is none.
    DeliveryProblem {
        ticket: TicketNumber,
        outbox: OutboxId,
        to: String,
        assignee: Option<String>,
        said: String,
    },
    /// An agent who wants to hear of it got no mail, such as because the loop guard stopped it.
    AgentNotTold {
        ticket: TicketNumber,
        agent: String,
        notice: Kind,
        reason: String,
    },
    /// The settings' template of this kind could not be filled in; the mail was made by the built-in one.
    TemplateFailed {
        kind: Kind,
        outbox: OutboxId,
        reason: String,
    },
    /// A version of a template was saved, or the built-in one counts again.
    TemplateSaved {
        kind: Kind,
        language: Language,
        revision: Revision,
        reset: bool,
        by: String,
    },
    /// A macro was saved, or removed.
    MacroChanged {
        name: MacroName,
        revision: Revision,
        removed: bool,
        by: String,
    },
    AddressSuppressed {
        address: String,
        reason: String,
        by: String,
    },
    SuppressionRemoved {
        address: String,
        by: String,
    },
    /// Mail of an address or domain is dropped from now on.
    PersonBlocked {
        who: String,
        reason: String,
        by: String,
    },
    PersonUnblocked {
        who: String,
        by: String,
    },
    /// A person changed a contact; `what` says what in words.
    ContactChanged {
        contact: ContactId,
        what: String,
        by: String,
    },
    /// A person changed a customer; `what` says what in words.
    CustomerChanged {
        customer: CustomerId,
        what: String,
        by: String,
    },
    /// An invitation was sent, taken back or accepted; `what` says which in words.
    InvitationChanged {
        invitation: InvitationId,
        what: String,
        by: String,
    },
    /// Reply tokens are signed with a new key.
    TokenKeyRotated {
        by: String,
    },
    MailboxFault {
        mailbox: MailboxName,
        meaning: String,
    },
    MailboxRecovered {
        mailbox: MailboxName,
    },
    SenderFault {
        sender: SenderName,
        meaning: String,
    },
    SenderRecovered {
        sender: SenderName,
    },
    StorageFault {
        meaning: String,
    },
    StorageRecovered,
    /// A due time of a ticket comes near; `told` are the agents who get a mail.
    SlaWarning {
        ticket: TicketNumber,
        target: String,
        /// How much of the target is used, or how long before its end.
        lead: String,
        due: Option<Timestamp>,
        policy: String,
        told: Vec<String>,
    },
    /// A due time of a ticket has passed.
    SlaBreached {
        ticket: TicketNumber,
        target: String,
        due: Option<Timestamp>,
        policy: String,
        told: Vec<String>,
    },
    /// What need not be kept any longer was removed.
    CleanedUp {
        removed: Removed,
    },
    SettingsApplied {
        revision: Revision,
        by: String,
    },
    DirectoryImported {
        contacts: u32,
        customers: u32,
        by: String,
    },
}
