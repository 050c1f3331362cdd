//! What one commit says happened: numbered events, streamed to consoles.

use crate::ids::{ContactId, EntryNumber, EventSeq, InvitationId, MailId, OutboxId, Revision, TicketNumber};
use crate::language::Language;
use crate::notification::Kind;
use crate::route::Outcome;
use crate::settings::{MacroName, MailboxName, SenderName};
use crate::text::counted;
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

impl DomainEvent {
    /// The event's name as filters and `--json` know it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::MailJudged { .. } => "mail_judged",
            Self::AgentReplied { .. } => "agent_replied",
            Self::NoteAdded { .. } => "note_added",
            Self::StatusChanged { .. } => "status_changed",
            Self::TicketMerged { .. } => "ticket_merged",
            Self::TicketSplit { .. } => "ticket_split",
            Self::TicketAssigned { .. } => "ticket_assigned",
            Self::MailSent { .. } => "mail_sent",
            Self::MailDeferred { .. } => "mail_deferred",
            Self::MailFailed { .. } => "mail_failed",
            Self::MailCancelled { .. } => "mail_cancelled",
            Self::MailRetried { .. } => "mail_retried",
            Self::MailHeld { .. } => "mail_held",
            Self::MailReleased { .. } => "mail_released",
            Self::MailRedirected { .. } => "mail_redirected",
            Self::OutboxBulk { .. } => "outbox_bulk",
            Self::DeliveryProblem { .. } => "delivery_problem",
            Self::AgentNotTold { .. } => "agent_not_told",
            Self::TemplateFailed { .. } => "template_failed",
            Self::TemplateSaved { .. } => "template_saved",
            Self::MacroChanged { .. } => "macro_changed",
            Self::AddressSuppressed { .. } => "address_suppressed",
            Self::SuppressionRemoved { .. } => "suppression_removed",
            Self::PersonBlocked { .. } => "person_blocked",
            Self::PersonUnblocked { .. } => "person_unblocked",
            Self::ContactChanged { .. } => "contact_changed",
            Self::InvitationChanged { .. } => "invitation_changed",
            Self::TokenKeyRotated { .. } => "token_key_rotated",
            Self::MailboxFault { .. } => "mailbox_fault",
            Self::MailboxRecovered { .. } => "mailbox_recovered",
            Self::SenderFault { .. } => "sender_fault",
            Self::SenderRecovered { .. } => "sender_recovered",
            Self::StorageFault { .. } => "storage_fault",
            Self::StorageRecovered => "storage_recovered",
            Self::SlaWarning { .. } => "sla_warning",
            Self::SlaBreached { .. } => "sla_breached",
            Self::CleanedUp { .. } => "cleaned_up",
            Self::SettingsApplied { .. } => "settings_applied",
            Self::DirectoryImported { .. } => "directory_imported",
        }
    }

    /// One sentence for people.
    pub fn sentence(&self) -> String {
        match self {
            Self::MailJudged { mail, mailbox, from, subject, outcome, .. } => {
                format!("mail {mail} in {mailbox} from {from} \"{subject}\": {}", outcome.sentence())
            }
            Self::AgentReplied { ticket, outbox, by, .. } => {
                format!("{by} answered #{ticket}; mail {outbox} is queued")
            }
            Self::NoteAdded { ticket, by, .. } => format!("{by} wrote a note on #{ticket}"),
            Self::StatusChanged { ticket, from, to, by } => format!("{by} moved #{ticket} from {from} to {to}"),
            Self::TicketMerged { ticket, into, by, .. } => format!("{by} merged #{ticket} into #{into}"),
            Self::TicketSplit { ticket, new, by, .. } => format!("{by} split #{new} from #{ticket}"),
            Self::TicketAssigned { ticket, to, by } => {
                format!("{by} assigned #{ticket} to {}", to.as_deref().unwrap_or("nobody"))
            }
            Self::MailSent { outbox, to, server_said, .. } => {
                format!("mail {outbox} to {to} was accepted: {server_said}")
            }
            Self::MailDeferred { outbox, to, server_said, next } => {
                format!("mail {outbox} to {to} is deferred until {next:.0}: {server_said}")
            }
            Self::MailFailed { outbox, to, reason, .. } => format!("mail {outbox} to {to} failed: {reason}"),
            Self::MailCancelled { outbox, by } => format!("{by} cancelled mail {outbox}"),
            Self::MailRetried { outbox, by } => format!("{by} set mail {outbox} to be tried now"),
            Self::MailHeld { outbox, by } => format!("{by} holds mail {outbox}"),
            Self::MailReleased { outbox, by } => format!("{by} released mail {outbox}"),
            Self::MailRedirected { outbox, to, by } => format!("{by} changed the recipient of mail {outbox} to {to}"),
            Self::OutboxBulk { action, mails, by } => format!("{by}: {action} of {mails} mails of the outbox"),
            Self::DeliveryProblem { ticket, outbox, to, assignee, said } => {
                let whom = assignee.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
                format!("#{ticket}{whom}: mail {outbox} does not reach {to}: {said}")
            }
            Self::AgentNotTold { ticket, agent, notice, reason } => {
                format!("#{ticket}: {agent} is not told by mail ({notice}): {reason}")
            }
            Self::TemplateFailed { kind, outbox, reason } => {
                format!("the template {kind} failed, mail {outbox} was made by the built-in one: {reason}")
            }
            Self::TemplateSaved { kind, language, reset: true, by, .. } => {
                format!("{by} reset the template {kind} ({language}) to the built-in one")
            }
            Self::TemplateSaved { kind, language, revision, by, .. } => {
                format!("{by} saved revision {revision} of the template {kind} ({language})")
            }
            Self::MacroChanged { name, removed: true, by, .. } => format!("{by} removed the macro {name}"),
            Self::MacroChanged { name, revision, by, .. } => {
                format!("{by} saved revision {revision} of the macro {name}")
            }
            Self::AddressSuppressed { address, reason, by } => format!("{by} suppressed {address}: {reason}"),
            Self::SuppressionRemoved { address, by } => format!("{by} allowed mail to {address} again"),
            Self::PersonBlocked { who, reason, by } => format!("{by} blocked {who}: {reason}"),
            Self::PersonUnblocked { who, by } => format!("{by} took {who} off the block list"),
            Self::ContactChanged { what, by, .. } => format!("{by} {what}"),
            Self::InvitationChanged { what, by, .. } => format!("{by} {what}"),
            Self::TokenKeyRotated { by } => format!("{by} made a new key for reply tokens"),
            Self::MailboxFault { mailbox, meaning } => format!("mailbox {mailbox}: {meaning}"),
            Self::MailboxRecovered { mailbox } => format!("mailbox {mailbox} works again"),
            Self::SenderFault { sender, meaning } => format!("sender {sender}: {meaning}"),
            Self::SenderRecovered { sender } => format!("sender {sender} works again"),
            Self::StorageFault { meaning } => format!("attachment storage: {meaning}"),
            Self::StorageRecovered => "attachment storage works again".into(),
            Self::SlaWarning { ticket, target, lead, due, policy, told } => {
                let due = due.map(|due| format!(", due {due:.0}")).unwrap_or_default();
                format!("#{ticket}: warning of the {target} at {lead}{due} ({policy}){}", and_told(told))
            }
            Self::SlaBreached { ticket, target, due, policy, told } => {
                let due = due.map(|due| format!(" at {due:.0}")).unwrap_or_default();
                format!("#{ticket}: the {target} was due{due} ({policy}){}", and_told(told))
            }
            Self::CleanedUp { removed } => format!("cleaned up: {}", removed.sentence()),
            Self::SettingsApplied { revision, by } => format!("{by} applied settings, now revision {revision}"),
            Self::DirectoryImported { contacts, customers, by } => {
                let contacts = counted(u64::from(*contacts), "contact");
                format!("{by} imported {contacts} and {}", counted(u64::from(*customers), "customer"))
            }
        }
    }
}

fn and_told(agents: &[String]) -> String {
    if agents.is_empty() { String::new() } else { format!("; told {}", agents.join(", ")) }
}
