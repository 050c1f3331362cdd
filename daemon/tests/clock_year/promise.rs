//! What must be told of each ticket of a year and whom, worked out from its story alone.

use super::desk::number;
use super::minutes::Minutes;
use super::story::{Act, Deed, TICKETS, Terms, Year, terms};
use jiff::{SignedDuration, Timestamp};
use maildesk_core::ids::TicketNumber;

/// Something that is told; it stands in the thread of its ticket, and nobody is told of what is over meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Promise {
    pub(crate) ticket: TicketNumber,
    /// As the thread says it; absent where a warning came to be told after all was over.
    pub(crate) said: Option<String>,
    /// Who gets a mail.
    pub(crate) told: Option<&'static str>,
}

/// What a policy says.
struct Policy<'a> {
    name: &'static str,
    hours: &'a Minutes,
    tell_hours: Option<&'a Minutes>,
    /// Minutes to the first response, to the next, to the end; 0: nothing is promised.
    targets: [u32; 3],
    warnings: fn(u32) -> Vec<(u32, &'static str)>,
    pauses: bool,
}

/// When a clock ran: from when until when.
struct Clock {
    target: usize,
    ran: Vec<(Timestamp, Option<Timestamp>)>,
    /// From then on until then nothing was left to wait for; the last one may go on.
    over: Vec<(Timestamp, Option<Timestamp>)>,
}

const TARGETS: [&str; 3] = ["first response", "next response", "resolution"];

/// All promises of a year, in the order of tickets.
pub(crate) fn promises(year: &Year) -> Vec<Promise> {
    let (always, berlin, sydney) = (Minutes::always(), Minutes::berlin(), Minutes::sydney());
    let mut stories: Vec<Vec<Act>> = vec![Vec::new(); TICKETS];
    for act in &year.acts {
        stories[act.ticket].push(*act);
    }
    let mut promises = Vec::new();
    for (ticket, story) in stories.iter().enumerate() {
        let policy = match terms(ticket) {
            Terms::Urgent => Policy {
                name: "urgent",
                hours: &always,
                tell_hours: None,
                targets: [15, 30, 240],
                warnings: |minutes| vec![(minutes * 4 / 5, "80%")],
                pauses: true,
            },
            Terms::Sydney => Policy {
                name: "sydney",
                hours: &sydney,
                tell_hours: Some(&sydney),
                targets: [60, 60, 0],
                warnings: |minutes| vec![(minutes / 2, "50%"), (minutes * 4 / 5, "80%")],
                pauses: true,
            },
            Terms::Night => Policy {
                name: "night",
                hours: &always,
                tell_hours: Some(&berlin),
                targets: [120, 240, 0],
                warnings: |minutes| vec![(minutes - 30, "30m")],
                pauses: false,
            },
            Terms::Default => Policy {
                name: "default",
                hours: &berlin,
                tell_hours: None,
                targets: [120, 240, 1200],
                warnings: |minutes| vec![(minutes * 4 / 5, "80%")],
                pauses: true,
            },
        };
        let clocks = clocks(&policy, story, year);
        clocks.iter().for_each(|clock| promise(&policy, clock, ticket, year, &mut promises));
    }
    promises
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Working,
    Pending(Option<Timestamp>),
    Done,
}

/// The clocks of a ticket, as its story moved them.
fn clocks(policy: &Policy<'_>, story: &[Act], year: &Year) -> Vec<Clock> {
    let mut clocks: Vec<Clock> = Vec::new();
    let mut status = Status::Working;
    for act in story {
        let now = year.noticed(act.at);
        // What waited until a time went on by itself before this; what happens in the same moment comes first.
        if let Status::Pending(Some(until)) = status
            && year.noticed(until) < now
        {
            status = Status::Working;
            run(&mut clocks, policy, status, year.noticed(until));
        }
        match act.deed {
            Deed::Open => {
                clocks.push(Clock { target: 0, ran: vec![(now, None)], over: Vec::new() });
                clocks.push(Clock { target: 2, ran: vec![(now, None)], over: Vec::new() });
            }
            Deed::Speak => {
                // Work that was over goes on, and there is something to answer again.
                status = Status::Working;
                let waits = clocks.iter().any(|clock| clock.target != 2 && !clock.is_over(now));
                if !waits {
                    clocks.push(Clock { target: 1, ran: vec![(now, None)], over: Vec::new() });
                }
            }
            Deed::Reply => {
                let waiting = clocks.iter_mut().filter(|clock| clock.target != 2);
                waiting.for_each(|clock| clock.end(now));
            }
            Deed::Pend { until } if status != Status::Done && until.is_none_or(|until| until > now) => {
                status = Status::Pending(until);
            }
            Deed::Resolve if status != Status::Done => {
                status = Status::Done;
                clocks.iter_mut().for_each(|clock| clock.end(now));
            }
            Deed::Reopen if status != Status::Working => status = Status::Working,
            Deed::Pend { .. } | Deed::Resolve | Deed::Reopen => {}
        }
        run(&mut clocks, policy, status, now);
    }
    if let Status::Pending(Some(until)) = status {
        run(&mut clocks, policy, Status::Working, year.noticed(until));
    }
    clocks
}

/// Lets clocks run or stand still, as the ticket's status says.
fn run(clocks: &mut [Clock], policy: &Policy<'_>, status: Status, now: Timestamp) {
    let runs = match status {
        Status::Working => true,
        Status::Pending(_) => !policy.pauses,
        Status::Done => false,
    };
    for clock in clocks {
        if clock.target == 2
            && status != Status::Done
            && let Some((_, end @ None)) = clock.over.last_mut()
        {
            *end = Some(now);
        }
        let running = matches!(clock.ran.last(), Some((_, None)));
        if runs && !running && !clock.is_over(now) {
            clock.ran.push((now, None));
        } else if !runs && running {
            clock.stop(now);
        }
    }
}

impl Clock {
    fn stop(&mut self, now: Timestamp) {
        if let Some((_, end @ None)) = self.ran.last_mut() {
            *end = Some(now);
        }
    }

    fn end(&mut self, now: Timestamp) {
        self.stop(now);
        if !self.is_over(now) {
            self.over.push((now, None));
        }
    }

    fn is_over(&self, at: Timestamp) -> bool {
        self.over.iter().any(|(from, to)| *from <= at && to.is_none_or(|to| at < to))
    }

    /// When so many minutes were on the clock, as far as was known at `seen`. What stopped it in that very minute was
    /// in time.
    fn reaches(&self, hours: &Minutes, minutes: u32, seen: Timestamp) -> Option<Timestamp> {
        let mut left = minutes;
        for (from, to) in self.ran.iter().filter(|(from, _)| *from <= seen) {
            let there = hours.after(*from, left);
            match to.filter(|to| *to <= seen) {
                Some(to) if there >= to => left -= hours.between(*from, to),
                _ => return Some(there),
            }
        }
        None
    }
}

/// What is told of one clock.
fn promise(policy: &Policy<'_>, clock: &Clock, ticket: usize, year: &Year, promises: &mut Vec<Promise>) {
    let whole = policy.targets[clock.target];
    if whole == 0 {
        return;
    }
    let mut signs: Vec<(u32, Option<&str>)> =
        (policy.warnings)(whole).into_iter().map(|(after, lead)| (after, Some(lead))).collect();
    signs.push((whole, None));
    let ever = Timestamp::MAX;
    let came = signs.iter().map_while(|(after, lead)| Some((clock.reaches(policy.hours, *after, ever)?, *lead)));
    let mut told: Vec<(Timestamp, Timestamp, Option<&str>)> =
        came.map(|(came, lead)| (when_told(policy, came, year), came, lead)).collect();
    // What is told takes along what came before it.
    for place in (1..told.len()).rev() {
        told[place - 1].0 = told[place - 1].0.min(told[place].0);
    }
    for (place, (at, came, lead)) in told.iter().enumerate() {
        let last_of_now = told.get(place + 1).is_none_or(|(next, ..)| next != at);
        let over = clock.is_over(*at);
        let due = clock.reaches(policy.hours, whole, *at);
        let target = TARGETS[clock.target];
        let zone = match policy.tell_hours {
            Some(hours) => &hours.zone,
            None => &policy.hours.zone,
        };
        let time = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string();
        let said = match (lead, due) {
            (None, _) => format!("{target} was due {} (policy {})", time(*came), policy.name),
            (Some(lead), Some(due)) => {
                format!("{target} is due {} (policy {}, warning at {lead})", time(due), policy.name)
            }
            (Some(lead), None) => format!("{target} is due soon (policy {}, warning at {lead})", policy.name),
        };
        let agent = if lead.is_some() { "ann" } else { "bob" };
        promises.push(Promise {
            ticket: number(ticket),
            said: (lead.is_none() || !over).then_some(said),
            told: (last_of_now && !over).then_some(agent),
        });
    }
}

/// When people are told of what came at that moment.
fn when_told(policy: &Policy<'_>, came: Timestamp, year: &Year) -> Timestamp {
    let mut now = year.noticed(came);
    let Some(hours) = policy.tell_hours else { return now };
    let in_hours = hours.is_open(came) || hours.is_open(came - SignedDuration::from_mins(1));
    if in_hours && now.duration_since(came) <= SignedDuration::from_mins(10) {
        return now;
    }
    loop {
        let open = hours.next_open(now);
        if open == now {
            return now;
        }
        now = year.noticed(open);
    }
}
