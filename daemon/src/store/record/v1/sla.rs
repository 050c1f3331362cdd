//! Clocks of tickets on disk.

use jiff::{SignedDuration, Timestamp};
use maildesk_core::sla::{Clock, Target, TicketClocks};
use serde::{Deserialize, Serialize};

use super::each;

same_word!(TargetRecord = Target { FirstResponse, NextResponse, Resolution });

same_struct!(ClockRecord = Clock {
    target: TargetRecord,
    started: Timestamp,
    used: SignedDuration,
    since: Option<Timestamp>,
    due: Option<Timestamp>,
    warn_at: Option<Timestamp>,
    warned: Option<Timestamp>,
    breached: Option<Timestamp>,
    met: Option<Timestamp>,
});

/// [`TicketClocks`].
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::store) struct TicketClocksRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting_since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    running: Vec<ClockRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wake: Option<Timestamp>,
}

impl From<TicketClocks> for TicketClocksRecord {
    fn from(clocks: TicketClocks) -> TicketClocksRecord {
        let TicketClocks { answered, waiting_since, policy, running, wake } = clocks;
        TicketClocksRecord { answered, waiting_since, policy, running: each(running), wake }
    }
}

impl From<TicketClocksRecord> for TicketClocks {
    fn from(record: TicketClocksRecord) -> TicketClocks {
        let TicketClocksRecord { answered, waiting_since, policy, running, wake } = record;
        TicketClocks { answered, waiting_since, policy, running: each(running), wake }
    }
}
