//! Events in words: the names that filters and scripts know, and the sentences that people read.

use super::DomainEvent;
use crate::text::counted;

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
            Self::CustomerChanged { .. } => "customer_changed",
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
            Self::CustomerChanged { what, by, .. } => format!("{by} {what}"),
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
