//! Policies ready to be reckoned with, and which of them counts for a ticket.

use super::{Lead, Policy, PolicyConditions, Sla, Target, WorkingHours};
use crate::settings::{CalendarName, MailboxName, PolicyName};
use crate::ticket::Priority;
use jiff::{SignedDuration, tz::TimeZone};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A policy with its calendars.
#[derive(Debug)]
pub struct Plan {
    pub name: PolicyName,
    when: PolicyConditions,
    pub(super) hours: Arc<WorkingHours>,
    pub(super) tell_hours: Option<Arc<WorkingHours>>,
    pub(super) targets: Vec<(Target, u32)>,
    pub(super) warn: Vec<Lead>,
    pub(super) pauses: bool,
    /// Stands for all that due times depend on.
    pub(super) terms: u64,
}

/// All policies in their order.
#[derive(Debug, Default)]
pub struct Plans {
    plans: Vec<Plan>,
    fingerprint: [u8; 32],
}

/// What a policy asks about a ticket.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub priority: Priority,
    pub customer: Option<&'a str>,
    pub mailbox: &'a MailboxName,
    pub tags: &'a [String],
}

impl Plans {
    /// Settings that validate make plans of all policies; otherwise those whose calendars cannot be used are left out.
    pub fn new(sla: &Sla) -> Self {
        let compiled: Vec<(&CalendarName, Arc<WorkingHours>)> = sla
            .calendar
            .iter()
            .filter_map(|calendar| Some((&calendar.name, Arc::new(calendar.compile().ok()?))))
            .collect();
        let always = Arc::new(WorkingHours::always());
        let named = |name: &CalendarName| compiled.iter().find(|(known, _)| *known == name).map(|(_, hours)| hours);
        let plan = |policy: &Policy| {
            let hours = policy.calendar.as_ref().map_or(Some(&always), named)?;
            let tell_hours = match &policy.tell_hours {
                Some(name) => Some(Arc::clone(named(name)?)),
                None => None,
            };
            let calendar = sla.calendar.iter().find(|calendar| Some(&calendar.name) == policy.calendar.as_ref());
            let terms = (calendar.map(|calendar| (&calendar.time_zone, &calendar.hours, &calendar.holidays)), policy);
            Some(Plan {
                name: policy.name.clone(),
                when: policy.when.clone(),
                hours: Arc::clone(hours),
                tell_hours,
                targets: policy.targets(),
                warn: policy.warn.clone(),
                pauses: policy.pause_pending,
                terms: digest(&terms).first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes)),
            })
        };
        Self { plans: sla.policy.iter().filter_map(plan).collect(), fingerprint: digest(sla) }
    }

    /// Whether nothing is promised to anybody.
    pub fn is_empty(&self) -> bool {
        self.plans.is_empty()
    }

    /// Another one, where due times may be others.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    /// The first policy that takes the ticket.
    pub fn choose(&self, ticket: Subject<'_>) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.takes(ticket))
    }
}

/// SHA-256 of a value's JSON.
fn digest(value: &impl serde::Serialize) -> [u8; 32] {
    // Our own types with string keys always become JSON.
    Sha256::digest(serde_json::to_vec(value).unwrap_or_default()).into()
}

impl Plan {
    fn takes(&self, ticket: Subject<'_>) -> bool {
        let PolicyConditions { priority, customer, mailbox, tag } = &self.when;
        let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
        let of_customer = || ticket.customer.is_some_and(|name| customer.iter().any(|wanted| same(wanted, name)));
        (priority.is_empty() || priority.contains(&ticket.priority))
            && (customer.is_empty() || of_customer())
            && (mailbox.is_empty() || mailbox.contains(ticket.mailbox))
            && (tag.is_empty() || tag.iter().any(|wanted| ticket.tags.iter().any(|tag| same(wanted, tag))))
    }

    /// The time zone that due times are told in.
    pub fn zone(&self) -> &TimeZone {
        match &self.tell_hours {
            // Day and night has no zone of its own.
            Some(hours) if *self.hours.zone() == TimeZone::UTC => hours.zone(),
            _ => self.hours.zone(),
        }
    }

    pub(super) fn minutes(&self, target: Target) -> Option<u32> {
        self.targets.iter().find(|(known, _)| *known == target).map(|(_, minutes)| *minutes)
    }

    pub(super) fn whole(&self, target: Target) -> Option<SignedDuration> {
        self.minutes(target).map(|minutes| SignedDuration::from_mins(minutes.into()))
    }
}
