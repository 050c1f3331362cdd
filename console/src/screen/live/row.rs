//! One event as a line of Live.

use crate::app::desk::Goal;
use crate::app::place::Place;
use crate::output::Style;
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::ids::{MailId, TicketNumber};
use maildesk_core::route::Outcome;

/// A line of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    Event(Event),
    /// Events before the next line are not shown: they are no longer kept.
    Gap,
}

/// What stands in the columns of a line.
pub(super) struct Cells {
    pub style: Style,
    /// One short word in capitals.
    pub word: &'static str,
    pub who: String,
    pub what: String,
    pub result: String,
}

impl Row {
    /// Whether a person should look at it.
    pub fn is_problem(&self) -> bool {
        match self {
            Self::Event(event) => matches!(cells(&event.what).style, Style::Bad | Style::Attention),
            Self::Gap => true,
        }
    }

    /// Whether it holds these words, in small letters.
    pub fn holds(&self, words: &str) -> bool {
        let Self::Event(event) = self else { return true };
        let cells = cells(&event.what);
        let text = format!("{} {} {} {}", cells.word, cells.who, cells.what, cells.result).to_lowercase();
        words.split_whitespace().all(|word| match word.strip_prefix('!') {
            Some(not) => !text.contains(not),
            None => text.contains(word),
        })
    }

    pub fn mail(&self) -> Option<MailId> {
        match self {
            Self::Event(Event { what: DomainEvent::MailJudged { mail, .. }, .. }) => Some(*mail),
            _ => None,
        }
    }

    /// Where what it tells of is shown whole; none for a mail that came in, whose why stands beside it.
    pub fn goal(&self) -> Option<Goal> {
        let Self::Event(event) = self else { return None };
        match &event.what {
            DomainEvent::MailJudged { .. } => None,
            DomainEvent::MailSent { outbox, .. }
            | DomainEvent::MailDeferred { outbox, .. }
            | DomainEvent::MailFailed { outbox, .. }
            | DomainEvent::MailCancelled { outbox, .. }
            | DomainEvent::MailRetried { outbox, .. }
            | DomainEvent::MailHeld { outbox, .. }
            | DomainEvent::MailReleased { outbox, .. }
            | DomainEvent::MailRedirected { outbox, .. }
            | DomainEvent::DeliveryProblem { outbox, .. } => Some(Goal::Outbox(*outbox)),
            DomainEvent::MailboxFault { .. } | DomainEvent::MailboxRecovered { .. } => {
                Some(Goal::Place(Place::Inbound))
            }
            DomainEvent::SenderFault { .. } | DomainEvent::SenderRecovered { .. } => Some(Goal::Place(Place::Outbound)),
            DomainEvent::TemplateFailed { .. } | DomainEvent::TemplateSaved { .. } => {
                Some(Goal::Place(Place::Templates))
            }
            DomainEvent::OutboxBulk { .. } => Some(Goal::Place(Place::Queues)),
            _ => self.ticket().map(Goal::Ticket),
        }
    }

    pub fn ticket(&self) -> Option<TicketNumber> {
        let Self::Event(event) = self else { return None };
        match &event.what {
            DomainEvent::MailJudged { outcome, .. } => outcome.ticket(),
            DomainEvent::AgentReplied { ticket, .. }
            | DomainEvent::NoteAdded { ticket, .. }
            | DomainEvent::StatusChanged { ticket, .. }
            | DomainEvent::TicketMerged { ticket, .. }
            | DomainEvent::TicketSplit { ticket, .. }
            | DomainEvent::TicketAssigned { ticket, .. }
            | DomainEvent::SlaWarning { ticket, .. }
            | DomainEvent::SlaBreached { ticket, .. }
            | DomainEvent::AgentNotTold { ticket, .. }
            | DomainEvent::DeliveryProblem { ticket, .. } => Some(*ticket),
            DomainEvent::MailSent { ticket, .. } | DomainEvent::MailFailed { ticket, .. } => *ticket,
            _ => None,
        }
    }
}

/// The columns of an event.
pub(super) fn cells(what: &DomainEvent) -> Cells {
    if let DomainEvent::MailJudged { from, subject, outcome, mailbox, .. } = what {
        let (style, word) = verdict(outcome);
        let result = match outcome {
            Outcome::Dropped { rule } => rule.clone(),
            Outcome::Quarantined { reason } => reason.clone(),
            other => other.ticket().map(|ticket| format!("#{ticket}")).unwrap_or_default(),
        };
        let what = if subject.is_empty() { "(no subject)".into() } else { subject.clone() };
        let who = if from.is_empty() { format!("to {mailbox}") } else { from.clone() };
        return Cells { style, word, who, what, result };
    }
    let number = |ticket: &Option<TicketNumber>| ticket.map(|ticket| format!("#{ticket}")).unwrap_or_default();
    let (style, word, who, result) = match what {
        DomainEvent::MailSent { to, ticket, .. } => (Style::Good, "SENT", to.clone(), number(ticket)),
        DomainEvent::MailDeferred { to, .. } => (Style::Attention, "DEFER", to.clone(), String::new()),
        DomainEvent::MailFailed { to, ticket, .. } => (Style::Bad, "FAIL", to.clone(), number(ticket)),
        DomainEvent::DeliveryProblem { to, ticket, .. } => (Style::Bad, "UNDELIV", to.clone(), format!("#{ticket}")),
        DomainEvent::MailboxFault { mailbox, .. } => (Style::Bad, "FAULT", mailbox.to_string(), String::new()),
        DomainEvent::SenderFault { sender, .. } => (Style::Bad, "FAULT", sender.to_string(), String::new()),
        DomainEvent::StorageFault { .. } => (Style::Bad, "FAULT", "storage".into(), String::new()),
        DomainEvent::MailboxRecovered { mailbox } => (Style::Good, "WORKS", mailbox.to_string(), String::new()),
        DomainEvent::SenderRecovered { sender } => (Style::Good, "WORKS", sender.to_string(), String::new()),
        DomainEvent::StorageRecovered => (Style::Good, "WORKS", "storage".into(), String::new()),
        DomainEvent::AgentNotTold { agent, ticket, .. } => {
            (Style::Attention, "UNTOLD", agent.clone(), format!("#{ticket}"))
        }
        DomainEvent::TemplateFailed { .. } => (Style::Attention, "TMPL", String::new(), String::new()),
        DomainEvent::AgentReplied { by, ticket, .. } => (Style::Plain, "REPLY", by.clone(), format!("#{ticket}")),
        DomainEvent::NoteAdded { by, ticket, .. } => (Style::Plain, "NOTE", by.clone(), format!("#{ticket}")),
        DomainEvent::StatusChanged { by, ticket, .. } => (Style::Plain, "STATUS", by.clone(), format!("#{ticket}")),
        DomainEvent::SlaWarning { ticket, .. } => (Style::Attention, "DUE", String::new(), format!("#{ticket}")),
        DomainEvent::SlaBreached { ticket, .. } => (Style::Bad, "LATE", String::new(), format!("#{ticket}")),
        DomainEvent::SettingsApplied { by, .. } => (Style::Plain, "SET", by.clone(), String::new()),
        _ => (Style::Plain, "DID", String::new(), String::new()),
    };
    Cells { style, word, who, what: what.sentence(), result }
}

fn verdict(outcome: &Outcome) -> (Style, &'static str) {
    match outcome {
        Outcome::NewTicket { .. } => (Style::Strong, "NEW"),
        Outcome::Comment { .. } => (Style::Plain, "COMMENT"),
        Outcome::AgentReply { .. } => (Style::Plain, "AGENT"),
        Outcome::UnverifiedNote { .. } => (Style::Attention, "UNVERIF"),
        Outcome::BounceNote { .. } => (Style::Attention, "BOUNCE"),
        Outcome::InvitationAccepted { .. } => (Style::Strong, "JOINED"),
        Outcome::Dropped { .. } if outcome.repeats().is_some() => (Style::Dim, "DUP"),
        Outcome::Dropped { .. } => (Style::Dim, "DROP"),
        Outcome::Quarantined { .. } => (Style::Bad, "QUAR"),
    }
}
