//! The clocks of a ticket.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What is promised by a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An agent's first answer.
    FirstResponse,
    /// An agent's answer to what the customer wrote after that.
    NextResponse,
    Resolution,
}

impl Target {
    pub const ALL: [Target; 3] = [Target::FirstResponse, Target::NextResponse, Target::Resolution];

    pub const fn words(self) -> &'static str {
        match self {
            Target::FirstResponse => "first response",
            Target::NextResponse => "next response",
            Target::Resolution => "resolution",
        }
    }
}

/// One promise on one ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pub target: Target,
    /// What it counts from: tells one round of answers from the next.
    pub started: Timestamp,
    /// Working time that was counted before `since`.
    pub used: SignedDuration,
    /// Since when it runs; absent: it rests, or its promise is kept.
    pub since: Option<Timestamp>,
    /// Only while it runs.
    pub due: Option<Timestamp>,
    /// Only while it runs, where the policy warns.
    pub warn_at: Option<Timestamp>,
    /// When it was warned of.
    pub warned: Option<Timestamp>,
    /// When it was found to be over its time.
    pub breached: Option<Timestamp>,
    /// When it was kept, in time or not.
    pub met: Option<Timestamp>,
}

impl Clock {
    /// When something is to be done about it: warn, or note the breach.
    pub fn wake(&self) -> Option<Timestamp> {
        let due = self.due.filter(|_| self.breached.is_none())?;
        Some(self.warn_at.filter(|_| self.warned.is_none()).map_or(due, |warn_at| warn_at.min(due)))
    }
}

/// What a ticket remembers of time. All of it follows from what happened on the ticket, and from the policies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TicketClocks {
    /// When an agent first answered.
    pub answered: Option<Timestamp>,
    /// Since when the customer waits for an answer.
    pub waiting_since: Option<Timestamp>,
    /// The policy that the clocks run by.
    pub policy: Option<String>,
    pub running: Vec<Clock>,
    /// When the ticket has to be looked at next.
    pub wake: Option<Timestamp>,
}

impl TicketClocks {
    pub fn clock(&self, target: Target) -> Option<&Clock> {
        self.running.iter().find(|clock| clock.target == target)
    }

    /// The clock whose promise ends first, of those that run.
    pub fn next_due(&self) -> Option<&Clock> {
        self.running.iter().filter(|clock| clock.due.is_some()).min_by_key(|clock| clock.due)
    }

    /// When the next promise ends.
    pub fn due(&self) -> Option<Timestamp> {
        self.next_due().and_then(|clock| clock.due)
    }
}
