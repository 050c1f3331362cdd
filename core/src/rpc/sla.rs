//! Service levels as they travel.

use crate::ids::TicketNumber;
use crate::settings::PolicyName;
use crate::sla::{ClockView, Target};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The clock that a ticket is sorted by, in lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlaBrief {
    pub policy: PolicyName,
    pub target: Target,
    /// Absent while the clock is paused.
    pub due: Option<Timestamp>,
}

/// All clocks of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlaView {
    pub ticket: TicketNumber,
    /// The policy that counts for it; absent: none takes it.
    pub policy: Option<PolicyName>,
    /// The calendar that the targets count in; absent: day and night.
    pub calendar: Option<String>,
    /// In the order in which they began.
    pub clocks: Vec<ClockView>,
}
