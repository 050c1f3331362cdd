//! A year of ten thousand tickets: every promise is told of once, at its moment, and none is skipped; also where the
//! program stands still for days and goes on from what it wrote down.

use super::*;
use crate::settings::{Settings, from_toml};
use crate::ticket::command::tests::{entry, ticket};
use crate::ticket::{Author, Command, EntryKind, Priority, Status, Ticket, TicketAction, act, apply};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap};

const BEGAN: i64 = 1_767_225_600;
const YEAR: i64 = 365 * 24 * 3600;

fn settings() -> Settings {
    from_toml(
        r#"
        [desk]
        close_days = 14
        [[calendar]]
        name = "berlin"
        time_zone = "Europe/Berlin"
        hours = [{ days = ["mon", "tue", "wed", "thu", "fri"], from = "08:30", to = "17:30" }]
        holidays = ["12-25", "12-26", "01-01"]
        [[calendar]]
        name = "sydney"
        time_zone = "Australia/Sydney"
        hours = [{ days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from = "00:00", to = "06:00" }]
        [[sla]]
        name = "urgent"
        when = { priority = ["urgent"] }
        first_response_minutes = 30
        next_response_minutes = 60
        resolution_minutes = 1440
        warn_minutes = 10
        pause_pending = false
        [[sla]]
        name = "high"
        calendar = "sydney"
        when = { priority = ["high"] }
        first_response_minutes = 120
        resolution_minutes = 1000
        [[sla]]
        name = "usual"
        calendar = "berlin"
        first_response_minutes = 240
        next_response_minutes = 480
        resolution_minutes = 2700
        warn_minutes = 60
        "#,
    )
    .unwrap()
}

/// Xorshift: the same year each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

fn moment(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

struct Year {
    rules: SlaRules,
    tickets: Vec<Ticket>,
    waking: BTreeSet<(Timestamp, usize)>,
    /// Breaches and warnings by ticket, promise and round.
    told: HashMap<(usize, Target, Timestamp, bool), u32>,
    /// Nothing happens in this time.
    standstill: Option<(Timestamp, Timestamp)>,
}

impl Year {
    fn new(standstill: Option<(Timestamp, Timestamp)>) -> Self {
        let (tickets, waking, told) = (Vec::new(), BTreeSet::new(), HashMap::new());
        Self { rules: SlaRules::new(&settings()), tickets, waking, told, standstill }
    }

    fn write(&mut self, place: usize, mut ticket: Ticket, now: Timestamp) {
        follow(&mut ticket, None, &self.rules, now);
        self.keep(place, ticket);
    }

    fn keep(&mut self, place: usize, ticket: Ticket) {
        if let Some(wake) = self.tickets.get(place).and_then(|old| old.clocks.wake) {
            self.waking.remove(&(wake, place));
        }
        self.waking.extend(ticket.clocks.wake.map(|wake| (wake, place)));
        match self.tickets.get_mut(place) {
            Some(kept) => *kept = ticket,
            None => self.tickets.push(ticket),
        }
    }

    /// Lets the clock run until then.
    fn run_until(&mut self, until: Timestamp) {
        while let Some((wake, place)) = self.waking.first().copied().filter(|(wake, _)| *wake <= until) {
            let now = match self.standstill {
                Some((from, to)) if wake >= from && wake < to => to,
                _ => wake,
            };
            if now > until {
                return;
            }
            let (applied, struck) = strike(&self.tickets[place], None, &self.rules, now).unwrap();
            for what in struck {
                let (target, due, breach) = match what {
                    Struck::Warned { target, due } => (target, due, false),
                    Struck::Breached { target, due } => (target, due, true),
                    Struck::Reminded | Struck::Closed => continue,
                };
                let started = applied.ticket.clocks.clock(target).unwrap().started;
                *self.told.entry((place, target, started, breach)).or_default() += 1;
                if now == wake && breach {
                    assert_eq!(now, due, "told at its moment");
                }
                assert!(breach == (due <= now), "a warning comes before, a breach after");
            }
            self.keep(place, applied.ticket);
            assert!(self.tickets[place].clocks.wake.is_none_or(|next| next > now), "the clock stands still");
        }
    }

    /// Everything was written down and is read again.
    fn restart(&mut self) {
        let written = serde_json::to_vec(&self.tickets).unwrap();
        self.tickets = serde_json::from_slice(&written).unwrap();
        let waking = self.tickets.iter().enumerate();
        self.waking = waking.filter_map(|(place, ticket)| Some((ticket.clocks.wake?, place))).collect();
    }

    fn happens(&mut self, place: usize, what: u64, now: Timestamp) {
        let ticket = &self.tickets[place];
        let by = Author::Agent { name: "ann".into() };
        let acts = |action| act(ticket, &[action], &by, now).ok().map(|applied| applied.ticket);
        let changed = match what {
            0..=2 => {
                apply(ticket, Command::Reply { entry: entry(EntryKind::Comment, "a") }, now).ok().map(|a| a.ticket)
            }
            3..=5 => {
                let automatic = what == 5;
                let comment = Command::Comment { entry: entry(EntryKind::Comment, "c"), automatic };
                apply(ticket, comment, now).ok().map(|a| a.ticket)
            }
            6 => acts(TicketAction::Pend { until: None }),
            7 => acts(TicketAction::Pend { until: Some(now + SignedDuration::from_hours(30)) }),
            8 => acts(TicketAction::Resolve { tell: false }),
            _ => acts(TicketAction::Reopen),
        };
        if let Some(changed) = changed {
            self.write(place, changed, now);
        }
    }

    fn verify(&self, end: Timestamp) {
        for (what, times) in &self.told {
            assert_eq!(*times, 1, "{what:?}");
        }
        let mut breached = 0;
        for (place, ticket) in self.tickets.iter().enumerate() {
            for clock in &ticket.clocks.running {
                let late = clock.due.is_some_and(|due| due <= end);
                assert!(!late || clock.breached.is_some(), "skipped: {place} {clock:?}");
                if clock.breached.is_some() {
                    assert!(self.told.contains_key(&(place, clock.target, clock.started, true)), "{place} {clock:?}");
                    breached += 1;
                }
            }
        }
        assert!(breached > self.tickets.len() / 4, "the year was too quiet to say anything: {breached}");
    }
}

/// Working minutes between two moments, counted one by one: slow, and nothing like the calendar's way.
fn counted(from: Timestamp, to: Timestamp) -> i64 {
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let works = |second: i64| {
        let local = moment(second).to_zoned(zone.clone());
        let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
        let holiday = matches!((local.month(), local.day()), (12, 25 | 26) | (1, 1));
        let weekend = local.weekday().to_monday_zero_offset() > 4;
        !holiday && !weekend && (510..1050).contains(&minute)
    };
    (from.as_second()..to.as_second()).step_by(60).filter(|second| works(*second)).count() as i64
}

fn simulate(tickets: usize, standstill: Option<(Timestamp, Timestamp)>, restarts: bool) -> Year {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut year = Year::new(standstill);
    let mut plan: Vec<(i64, usize, Option<u64>)> = Vec::new();
    for place in 0..tickets {
        let begins = BEGAN + (place as i64) * (YEAR - 40 * 24 * 3600) / tickets as i64 / 60 * 60;
        plan.push((begins, place, None));
        let mut at = begins;
        for _ in 0..chance.below(6) {
            at += 60 * (1 + chance.below(3 * 24 * 60)) as i64;
            plan.push((at, place, Some(chance.below(10))));
        }
    }
    plan.sort_unstable();
    let marks = plan.len() / 5;
    for (step, (second, place, what)) in plan.into_iter().enumerate() {
        let mut now = moment(second);
        if let Some((_, to)) = year.standstill.filter(|(from, to)| now >= *from && now < *to) {
            now = to;
        }
        year.run_until(now);
        if restarts && step % marks == 0 {
            year.restart();
        }
        match what {
            Some(what) => year.happens(place, what, now),
            None => {
                let priority = [Priority::Normal, Priority::Normal, Priority::High, Priority::Urgent][place % 4];
                let opened = Ticket { created: now, updated: now, priority, ..ticket(Status::New) };
                year.write(place, opened, now);
            }
        }
    }
    year.run_until(moment(BEGAN + YEAR));
    year
}

#[test]
fn a_year_of_ten_thousand_tickets() {
    let year = simulate(10_000, None, false);
    year.verify(moment(BEGAN + YEAR));
    let mut compared = 0;
    for ticket in year.tickets.iter().filter(|ticket| ticket.clocks.policy.as_deref() == Some("usual")) {
        let Some(clock) = ticket.clocks.clock(Target::Resolution) else { continue };
        if let (Some(since), Some(due), true) = (clock.since, clock.due, clock.used == SignedDuration::ZERO)
            && compared < 40
        {
            assert_eq!(counted(since, due), 2700, "{since} {due}");
            compared += 1;
        }
    }
    assert_eq!(compared, 40);
}

#[test]
fn a_year_with_restarts_and_days_of_standstill() {
    let (from, to) = (moment(BEGAN + 86 * 24 * 3600), moment(BEGAN + 90 * 24 * 3600 + 4321));
    simulate(2_000, Some((from, to)), true).verify(moment(BEGAN + YEAR));
    // Nothing but the restarts differs: what is told is the same to the last.
    let (with, without) = (simulate(2_000, None, true), simulate(2_000, None, false));
    assert_eq!(with.tickets, without.tickets);
    assert_eq!(with.told, without.told);
}
