//! What happens to 10,000 tickets in a year, and when nothing runs, all from one seed.

use jiff::{SignedDuration, Timestamp};

pub(crate) const TICKETS: usize = 10_000;

/// Four kinds of tickets, each with a policy of its own: one policy by priority, two by tag, and one for the rest.
pub(crate) const POLICIES: &str = r#"
[desk]
close_days = 20

[[sla.calendar]]
name = "berlin"
time_zone = "Europe/Berlin"
hours = ["mon-fri 09:00-17:00"]
holidays = ["*-12-25", "*-12-26", "*-01-01", "2026-04-03", "2026-04-06"]

[[sla.calendar]]
name = "sydney"
time_zone = "Australia/Sydney"
hours = ["mon-fri 08:30-12:30", "mon-fri 13:30-18:00", "sun 01:00-04:00"]

[[sla.policy]]
name = "urgent"
when = { priority = ["urgent"] }
first_response = 15
next_response = 30
resolution = 240
warn = ["80%"]

[[sla.policy]]
name = "sydney"
when = { tag = ["sydney"] }
calendar = "sydney"
tell_hours = "sydney"
first_response = 60
next_response = 60
warn = ["50%", "80%"]

[[sla.policy]]
name = "night"
when = { tag = ["night"] }
tell_hours = "berlin"
first_response = 120
next_response = 240
warn = ["30m"]
pause_pending = false

[[sla.policy]]
name = "default"
calendar = "berlin"
first_response = 120
next_response = 240
resolution = 1200
"#;

/// Which policy takes a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Terms {
    Urgent,
    Sydney,
    Night,
    Default,
}

pub(crate) fn terms(ticket: usize) -> Terms {
    [Terms::Urgent, Terms::Sydney, Terms::Night, Terms::Default][ticket % 4]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Open,
    /// The customer writes.
    Speak,
    /// An agent answers.
    Reply,
    Pend {
        until: Option<Timestamp>,
    },
    Resolve,
    Reopen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Act {
    pub(crate) at: Timestamp,
    pub(crate) ticket: usize,
    pub(crate) deed: Deed,
}

/// All that happens, and the times in which nothing runs.
pub(crate) struct Year {
    /// In order.
    pub(crate) acts: Vec<Act>,
    outages: Vec<(Timestamp, Timestamp)>,
}

/// The first moment of the year.
pub(crate) fn begins() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

impl Year {
    pub(crate) fn of(seed: u64) -> Year {
        let mut dice = Dice::of(seed);
        let mut acts = Vec::new();
        let mut opened = begins();
        for ticket in 0..TICKETS {
            // A poll brings several at once.
            if ticket % 16 == 0 {
                opened = begins() + dice.minutes(365 * 1_440);
            }
            tell_of(ticket, opened, &mut dice, &mut acts);
        }
        acts.sort_by_key(|act| (act.at, act.ticket));
        let (mut from, mut outages) = (begins(), Vec::new());
        for _ in 0..40 {
            let begins = from + dice.minutes(12 * 1_440);
            let most = [5, 90, 3_000][dice.below(3) as usize];
            from = begins + dice.minutes(most);
            outages.push((begins, from));
        }
        Year { acts, outages }
    }

    /// When the desk gets to what happens at that time.
    pub(crate) fn noticed(&self, time: Timestamp) -> Timestamp {
        let after = self.outages.partition_point(|(begins, _)| *begins <= time);
        match after.checked_sub(1).map(|last| self.outages[last]) {
            Some((_, ends)) if time < ends => ends,
            _ => time,
        }
    }
}

/// The story of one ticket. Not every deed may be done in every state: what may not is not done.
fn tell_of(ticket: usize, mut at: Timestamp, dice: &mut Dice, acts: &mut Vec<Act>) {
    acts.push(Act { at, ticket, deed: Deed::Open });
    for _ in 0..dice.below(4) {
        let most = [20, 120, 600, 6_000][dice.below(4) as usize];
        at += SignedDuration::from_mins(1) + dice.minutes(most);
        let deed = match dice.below(12) {
            0..=3 => Deed::Reply,
            4..=6 => Deed::Speak,
            7 => Deed::Pend { until: None },
            8 => Deed::Pend { until: Some(at + SignedDuration::from_mins(1) + dice.minutes(3_000)) },
            9..=10 => Deed::Resolve,
            _ => Deed::Reopen,
        };
        acts.push(Act { at, ticket, deed });
    }
}

/// A small generator of numbers, so that a year can be repeated.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn of(seed: u64) -> Dice {
        // Spread, since small seeds have few bits; never zero, of which xorshift makes nothing.
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % limit
    }

    fn minutes(&mut self, limit: u64) -> SignedDuration {
        SignedDuration::from_mins(self.below(limit) as i64)
    }
}
