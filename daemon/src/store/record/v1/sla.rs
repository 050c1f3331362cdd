//! Service levels on disk: policies and calendars of the settings, and what is kept of a ticket's clocks.

use super::each;
use super::ticket::PriorityRecord;
use jiff::Timestamp;
use maildesk_core::settings::{CalendarName, MailboxName, PolicyName, ZoneName};
use maildesk_core::sla::{
    BusinessCalendar, ClockId, Holiday, Kept, Lead, Mark, Moment, Nearest, OpenHours, Policy, PolicyConditions, Sign,
    Sla, Target, Told, What,
};
use serde::{Deserialize, Serialize};

/// [`Sla`].
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::store) struct SlaRecord {
    policy: Vec<PolicyRecord>,
    calendar: Vec<CalendarRecord>,
}

impl From<Sla> for SlaRecord {
    fn from(sla: Sla) -> SlaRecord {
        let Sla { policy, calendar } = sla;
        SlaRecord { policy: each(policy), calendar: each(calendar) }
    }
}

impl From<SlaRecord> for Sla {
    fn from(record: SlaRecord) -> Sla {
        let SlaRecord { policy, calendar } = record;
        Sla { policy: each(policy), calendar: each(calendar) }
    }
}

same_struct!(CalendarRecord = BusinessCalendar {
    name: CalendarName,
    time_zone: ZoneName,
    hours: Vec<OpenHours>,
    holidays: Vec<Holiday>,
});

same_struct!(PolicyRecord = Policy {
    name: PolicyName,
    when: ConditionsRecord,
    calendar: Option<CalendarName>,
    first_response: Option<u32>,
    next_response: Option<u32>,
    resolution: Option<u32>,
    warn: Vec<Lead>,
    tell_hours: Option<CalendarName>,
    pause_pending: bool,
});

/// [`PolicyConditions`].
#[derive(Debug, Serialize, Deserialize)]
struct ConditionsRecord {
    priority: Vec<PriorityRecord>,
    customer: Vec<String>,
    mailbox: Vec<MailboxName>,
    tag: Vec<String>,
}

impl From<PolicyConditions> for ConditionsRecord {
    fn from(conditions: PolicyConditions) -> ConditionsRecord {
        let PolicyConditions { priority, customer, mailbox, tag } = conditions;
        ConditionsRecord { priority: each(priority), customer, mailbox, tag }
    }
}

impl From<ConditionsRecord> for PolicyConditions {
    fn from(record: ConditionsRecord) -> PolicyConditions {
        let ConditionsRecord { priority, customer, mailbox, tag } = record;
        PolicyConditions { priority: each(priority), customer, mailbox, tag }
    }
}

/// [`Kept`].
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct ClocksRecord {
    history: Vec<MomentRecord>,
    told: Vec<ToldRecord>,
    policy: Option<PolicyName>,
    terms: Option<u64>,
    nearest: Option<NearestRecord>,
    look_at: Option<Timestamp>,
}

impl From<Kept> for ClocksRecord {
    fn from(kept: Kept) -> ClocksRecord {
        let Kept { history, told, policy, terms, nearest, look_at } = kept;
        let history = history.moments().iter().copied().map(MomentRecord::from).collect();
        ClocksRecord { history, told: each(told), policy, terms, nearest: nearest.map(NearestRecord::from), look_at }
    }
}

impl From<ClocksRecord> for Kept {
    fn from(record: ClocksRecord) -> Kept {
        let ClocksRecord { history, told, policy, terms, nearest, look_at } = record;
        let history = history.into_iter().map(Moment::from).collect();
        Kept { history, told: each(told), policy, terms, nearest: nearest.map(Nearest::from), look_at }
    }
}

same_word!(WhatRecord = What { Opened, Spoke, Replied, Pending, Working, Done });

same_struct!(MomentRecord = Moment { at: Timestamp, what: WhatRecord });

same_word!(TargetRecord = Target { FirstResponse, NextResponse, Resolution });

same_struct!(NearestRecord = Nearest { target: TargetRecord, due: Option<Timestamp> });

/// [`Told`].
#[derive(Debug, Serialize, Deserialize)]
struct ToldRecord {
    target: TargetRecord,
    round: u32,
    /// Absent: the breach.
    warning: Option<Lead>,
    at: Timestamp,
    terms: u64,
}

impl From<Told> for ToldRecord {
    fn from(told: Told) -> ToldRecord {
        let Told { mark: Mark { clock: ClockId { target, round }, sign }, at, terms } = told;
        let warning = match sign {
            Sign::Warning(lead) => Some(lead),
            Sign::Breach => None,
        };
        ToldRecord { target: target.into(), round, warning, at, terms }
    }
}

impl From<ToldRecord> for Told {
    fn from(record: ToldRecord) -> Told {
        let ToldRecord { target, round, warning, at, terms } = record;
        let clock = ClockId { target: target.into(), round };
        Told { mark: Mark { clock, sign: warning.map_or(Sign::Breach, Sign::Warning) }, at, terms }
    }
}
