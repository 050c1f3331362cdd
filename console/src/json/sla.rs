//! Service levels for scripts.

use jiff::Timestamp;
use maildesk_core::ids::TicketNumber;
use maildesk_core::rpc::{SlaBrief, SlaView};
use maildesk_core::settings::PolicyName;
use maildesk_core::sla::{ClockState, ClockView, Lead, Sign, Target};
use serde::Serialize;

/// The clock that a ticket is sorted by.
#[derive(Debug, Serialize)]
pub struct Due {
    pub policy: PolicyName,
    /// `first_response`, `next_response`, `resolution`.
    pub target: Target,
    /// Absent while the clock is paused.
    pub due: Option<Timestamp>,
}

impl From<SlaBrief> for Due {
    fn from(brief: SlaBrief) -> Self {
        let SlaBrief { policy, target, due } = brief;
        Self { policy, target, due }
    }
}

/// All clocks of a ticket.
#[derive(Debug, Serialize)]
pub struct Clocks {
    pub ticket: TicketNumber,
    pub policy: Option<PolicyName>,
    pub calendar: Option<String>,
    pub clocks: Vec<Clock>,
}

#[derive(Debug, Serialize)]
pub struct Clock {
    pub target: Target,
    pub round: u32,
    /// `running`, `paused`, `ended`.
    pub state: &'static str,
    pub ended: Option<Timestamp>,
    pub target_minutes: u32,
    pub used_minutes: u32,
    pub due: Option<Timestamp>,
    pub told: Vec<ToldOf>,
}

/// A warning, or the breach where `warning` is absent.
#[derive(Debug, Serialize)]
pub struct ToldOf {
    pub warning: Option<Lead>,
    pub at: Timestamp,
}

impl From<SlaView> for Clocks {
    fn from(view: SlaView) -> Self {
        let SlaView { ticket, policy, calendar, clocks } = view;
        Self { ticket, policy, calendar, clocks: clocks.into_iter().map(Clock::from).collect() }
    }
}

impl From<ClockView> for Clock {
    fn from(view: ClockView) -> Self {
        let ClockView { clock, state, minutes, used_minutes, due, told } = view;
        let (state, ended) = match state {
            ClockState::Running => ("running", None),
            ClockState::Paused => ("paused", None),
            ClockState::Ended { at } => ("ended", Some(at)),
        };
        let told = told.into_iter().map(|(sign, at)| match sign {
            Sign::Warning(lead) => ToldOf { warning: Some(lead), at },
            Sign::Breach => ToldOf { warning: None, at },
        });
        let (target, round, told) = (clock.target, clock.round, told.collect());
        Self { target, round, state, ended, target_minutes: minutes, used_minutes, due, told }
    }
}
