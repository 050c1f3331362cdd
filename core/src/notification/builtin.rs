//! The templates that a fresh install starts with.

use super::Kind;
use serde::{Deserialize, Serialize};

/// A template as people edit it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateSource {
    pub subject: String,
    pub html: String,
    pub text: String,
}

/// The built-in template of a kind.
pub fn builtin(kind: Kind) -> TemplateSource {
    let (subject, html, text) = match kind {
        Kind::TicketAcknowledgement => (
            include_str!("templates/ticket_acknowledgement.subject"),
            include_str!("templates/ticket_acknowledgement.html"),
            include_str!("templates/ticket_acknowledgement.txt"),
        ),
        Kind::AgentReply => (
            include_str!("templates/agent_reply.subject"),
            include_str!("templates/agent_reply.html"),
            include_str!("templates/agent_reply.txt"),
        ),
        Kind::TicketResolved => (
            include_str!("templates/ticket_resolved.subject"),
            include_str!("templates/ticket_resolved.html"),
            include_str!("templates/ticket_resolved.txt"),
        ),
        Kind::SlaWarning => (
            include_str!("templates/sla_warning.subject"),
            include_str!("templates/sla_warning.html"),
            include_str!("templates/sla_warning.txt"),
        ),
        Kind::SlaBreached => (
            include_str!("templates/sla_breached.subject"),
            include_str!("templates/sla_breached.html"),
            include_str!("templates/sla_breached.txt"),
        ),
        Kind::Invitation => (
            include_str!("templates/invitation.subject"),
            include_str!("templates/invitation.html"),
            include_str!("templates/invitation.txt"),
        ),
    };
    TemplateSource { subject: subject.trim_end().to_owned(), html: html.to_owned(), text: text.to_owned() }
}
