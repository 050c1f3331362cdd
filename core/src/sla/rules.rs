//! The policies in force, with their calendars.

use super::{Calendar, Target};
use crate::settings::{Settings, SlaSettings};
use crate::ticket::Ticket;
use jiff::{SignedDuration, Timestamp};

/// All that a ticket's clocks run by, made once from the settings.
#[derive(Debug, Clone, Default)]
pub struct SlaRules {
    policies: Vec<Policy>,
    /// After this much time a resolved ticket is closed; absent: never.
    close_after: Option<SignedDuration>,
}

/// A policy with its calendar.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    pub(super) settings: SlaSettings,
    /// Absent: every hour counts.
    calendar: Option<Calendar>,
}

impl SlaRules {
    pub fn new(settings: &Settings) -> Self {
        let calendar = |name: &str| settings.calendar.iter().find(|calendar| calendar.name == name).map(Calendar::new);
        let policy =
            |sla: &SlaSettings| Policy { calendar: sla.calendar.as_deref().and_then(calendar), settings: sla.clone() };
        let days = i64::from(settings.desk.close_days);
        Self {
            policies: settings.sla.iter().map(policy).collect(),
            close_after: (days > 0).then(|| SignedDuration::from_hours(days * 24)),
        }
    }

    /// The first policy that holds for the ticket.
    pub(super) fn policy(&self, ticket: &Ticket, customer: Option<&str>) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.settings.when.holds(ticket, customer))
    }

    /// Whether any policy asks for the name of a ticket's customer.
    pub fn wants_customer(&self) -> bool {
        self.policies.iter().any(|policy| !policy.settings.when.customer.is_empty())
    }

    pub(super) fn close_after(&self) -> Option<SignedDuration> {
        self.close_after
    }
}

impl Policy {
    pub(super) fn limit(&self, target: Target) -> Option<SignedDuration> {
        let minutes = match target {
            Target::FirstResponse => self.settings.first_response_minutes,
            Target::NextResponse => self.settings.next_response_minutes,
            Target::Resolution => self.settings.resolution_minutes,
        };
        minutes.map(|minutes| SignedDuration::from_mins(minutes.into()))
    }

    pub(super) fn warn_before(&self) -> Option<SignedDuration> {
        let minutes = self.settings.warn_minutes;
        (minutes > 0).then(|| SignedDuration::from_mins(minutes.into()))
    }

    pub(super) fn worked(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        match &self.calendar {
            Some(calendar) => calendar.worked(from, to),
            None => to.duration_since(from).max(SignedDuration::ZERO),
        }
    }

    pub(super) fn after(&self, from: Timestamp, work: SignedDuration) -> Option<Timestamp> {
        match &self.calendar {
            Some(calendar) => calendar.after(from, work),
            None => from.checked_add(work.max(SignedDuration::ZERO)).ok(),
        }
    }
}
