//! Policies as the settings hold them.

use super::{BusinessCalendar, Lead, Target};
use crate::settings::{CalendarName, MailboxName, PolicyName};
use crate::ticket::Priority;
use serde::{Deserialize, Serialize};

/// Service levels: the first policy that takes a ticket counts for it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sla {
    pub policy: Vec<Policy>,
    pub calendar: Vec<BusinessCalendar>,
}

/// What is promised for which tickets. Targets are minutes of working time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub name: PolicyName,
    /// Which tickets it takes; absent: all.
    #[serde(default)]
    pub when: PolicyConditions,
    /// In which time the targets count; absent: day and night.
    #[serde(default)]
    pub calendar: Option<CalendarName>,
    #[serde(default)]
    pub first_response: Option<u32>,
    #[serde(default)]
    pub next_response: Option<u32>,
    #[serde(default)]
    pub resolution: Option<u32>,
    /// When people are warned of each target.
    #[serde(default = "four_fifths")]
    pub warn: Vec<Lead>,
    /// People are told of warnings and breaches while this calendar is open; absent: at any time.
    #[serde(default)]
    pub tell_hours: Option<CalendarName>,
    /// Whether the clocks stand still while the ticket waits for the customer.
    #[serde(default = "yes")]
    pub pause_pending: bool,
}

fn four_fifths() -> Vec<Lead> {
    vec![Lead::Share(80)]
}

fn yes() -> bool {
    true
}

/// Which tickets a policy takes: for each list that is not empty, one of its values must be the ticket's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyConditions {
    pub priority: Vec<Priority>,
    /// Names of customers; letter case does not matter.
    pub customer: Vec<String>,
    pub mailbox: Vec<MailboxName>,
    pub tag: Vec<String>,
}

impl PolicyConditions {
    pub(super) fn takes_every_ticket(&self) -> bool {
        *self == Self::default()
    }
}

impl Policy {
    /// The targets that are given, in minutes.
    pub fn targets(&self) -> Vec<(Target, u32)> {
        let given = [
            (Target::FirstResponse, self.first_response),
            (Target::NextResponse, self.next_response),
            (Target::Resolution, self.resolution),
        ];
        given.into_iter().filter_map(|(target, minutes)| Some((target, minutes?))).collect()
    }
}
