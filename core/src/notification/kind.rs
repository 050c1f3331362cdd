//! Kinds of notification.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a notification is for; it names the template. The names stand in settings and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// To the contact: your mail became a ticket.
    TicketAcknowledgement,
    /// To the contact: an agent answers.
    AgentReply,
    /// To the contact: the ticket is resolved.
    TicketResolved,
    /// To agents: a due time comes near.
    SlaWarning,
    /// To agents: a due time has passed.
    SlaBreached,
    /// To a person: you were invited to work here.
    Invitation,
    /// To agents: somebody wrote for the first time.
    AgentNewTicket,
    /// To agents: a customer wrote on a ticket.
    AgentCustomerReplied,
    /// To an agent: a ticket is yours now.
    AgentAssigned,
    /// A ticket waited until a time, which is now.
    AgentReminder,
    /// To an agent: what a mail asked for was not done.
    CommandRefused,
    /// To a person: what became of the answer to an invitation.
    InvitationAnswer,
}

impl Kind {
    pub const ALL: [Kind; 12] = [
        Kind::TicketAcknowledgement,
        Kind::AgentReply,
        Kind::TicketResolved,
        Kind::SlaWarning,
        Kind::SlaBreached,
        Kind::Invitation,
        Kind::AgentNewTicket,
        Kind::AgentCustomerReplied,
        Kind::AgentAssigned,
        Kind::AgentReminder,
        Kind::CommandRefused,
        Kind::InvitationAnswer,
    ];

    /// The name in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::TicketAcknowledgement => "ticket_acknowledgement",
            Kind::AgentReply => "agent_reply",
            Kind::TicketResolved => "ticket_resolved",
            Kind::SlaWarning => "sla_warning",
            Kind::SlaBreached => "sla_breached",
            Kind::Invitation => "invitation",
            Kind::AgentNewTicket => "agent_new_ticket",
            Kind::AgentCustomerReplied => "agent_customer_replied",
            Kind::AgentAssigned => "agent_assigned",
            Kind::AgentReminder => "agent_reminder",
            Kind::CommandRefused => "command_refused",
            Kind::InvitationAnswer => "invitation_answer",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it goes to agents of the desk.
    pub const fn to_agents(self) -> bool {
        matches!(
            self,
            Kind::SlaWarning
                | Kind::SlaBreached
                | Kind::AgentNewTicket
                | Kind::AgentCustomerReplied
                | Kind::AgentAssigned
                | Kind::AgentReminder
                | Kind::CommandRefused
        )
    }

    /// Whether time alone makes it, and no mail: it cannot be part of a loop, however many there are of it at once, such
    /// as in the morning.
    pub const fn from_clock(self) -> bool {
        matches!(self, Kind::SlaWarning | Kind::SlaBreached | Kind::AgentReminder)
    }

    /// Whether nobody wrote it: such mails carry `Auto-Submitted` (RFC 3834 §5). An agent's reply is a person's mail.
    pub const fn automatic(self) -> bool {
        !matches!(self, Kind::AgentReply)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
