//! The clocks of a ticket: when each ran, by the ticket's history.

use super::{History, What, WorkingHours};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What a policy promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The first answer of an agent.
    FirstResponse,
    /// An answer to what the customer wrote after it.
    NextResponse,
    /// The end of the work.
    Resolution,
}

impl Target {
    /// For sentences: "the ... was due at".
    pub fn words(self) -> &'static str {
        match self {
            Self::FirstResponse => "first response",
            Self::NextResponse => "next response",
            Self::Resolution => "resolution",
        }
    }
}

/// Which clock of a ticket. Each time the customer waits for a next response anew is a round of its own, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClockId {
    pub target: Target,
    pub round: u32,
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    Running,
    /// The ticket waits for the customer.
    Paused,
    /// What it counted to has happened.
    Ended {
        at: Timestamp,
    },
}

/// One clock, and the stretches in which it ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    pub id: ClockId,
    /// From when until when; the last one without an end while the clock runs.
    ran: Vec<(Timestamp, Option<Timestamp>)>,
    ended: Option<Timestamp>,
}

impl Clock {
    fn start(target: Target, round: u32) -> Self {
        Self { id: ClockId { target, round }, ran: Vec::new(), ended: None }
    }

    fn run(&mut self, at: Timestamp) {
        if self.ended.is_none() && !self.is_running() {
            self.ran.push((at, None));
        }
    }

    fn pause(&mut self, at: Timestamp) {
        if let Some((_, end @ None)) = self.ran.last_mut() {
            *end = Some(at);
        }
    }

    fn end(&mut self, at: Timestamp) {
        self.pause(at);
        self.ended.get_or_insert(at);
    }

    fn is_running(&self) -> bool {
        matches!(self.ran.last(), Some((_, None)))
    }

    pub fn state(&self) -> ClockState {
        match self.ended {
            Some(at) => ClockState::Ended { at },
            None if self.is_running() => ClockState::Running,
            None => ClockState::Paused,
        }
    }

    /// Working time on it until `now`.
    pub fn elapsed(&self, hours: &WorkingHours, now: Timestamp) -> SignedDuration {
        self.ran.iter().map(|(from, to)| hours.between(*from, to.map_or(now, |to| to.min(now)))).sum()
    }

    /// When it came to, or will come to, so much working time; nothing where it stopped before that. Being ended in
    /// the very moment is in time.
    pub fn reaches(&self, hours: &WorkingHours, amount: SignedDuration) -> Option<Timestamp> {
        let mut left = amount;
        for (from, to) in &self.ran {
            match to {
                None => return hours.add(*from, left),
                Some(to) => {
                    let passed = hours.between(*from, *to);
                    // What is used up as the desk closes is used up then, not when the next day begins.
                    let used_up = hours.add(*from, left).filter(|at| passed >= left && at < to);
                    if used_up.is_some() {
                        return used_up;
                    }
                    left -= passed;
                }
            }
        }
        None
    }
}

/// All clocks of a ticket, in the order in which they began; `pauses`: whether they stand still while it is pending.
pub fn clocks(history: &History, pauses: bool) -> Vec<Clock> {
    let mut clocks: Vec<Clock> = Vec::new();
    let (mut status, mut round) = (What::Working, 0);
    for moment in history.moments() {
        let at = moment.at;
        match moment.what {
            What::Opened => {
                clocks = vec![Clock::start(Target::FirstResponse, 1), Clock::start(Target::Resolution, 1)];
            }
            What::Spoke => {
                let waits = |clock: &Clock| clock.id.target != Target::Resolution && clock.ended.is_none();
                if !clocks.is_empty() && !clocks.iter().any(waits) {
                    round += 1;
                    clocks.push(Clock::start(Target::NextResponse, round));
                }
            }
            What::Replied => {
                let answered = clocks.iter_mut().filter(|clock| clock.id.target != Target::Resolution);
                answered.for_each(|clock| clock.end(at));
            }
            What::Pending if pauses => status = What::Pending,
            What::Pending | What::Working => status = What::Working,
            What::Done => {
                status = What::Done;
                clocks.iter_mut().for_each(|clock| clock.end(at));
            }
        }
        for clock in &mut clocks {
            if clock.id.target == Target::Resolution && status != What::Done {
                // Work that goes on was not done.
                clock.ended = None;
            }
            match status {
                What::Working => clock.run(at),
                _ => clock.pause(at),
            }
        }
    }
    clocks
}
