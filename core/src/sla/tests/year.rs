//! A year of 10,000 tickets with restarts, outages and changes of the clock: each warning and each breach is told once.

use super::super::{ClockId, Kept, Moment, Sign, What, clocks, outlook};
use super::{at, choose, plans};
use crate::ticket::Priority;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

const TICKETS: usize = 10_000;
const POLICIES: &str = r#"
[[sla.calendar]]
name = "berlin"
time_zone = "Europe/Berlin"
hours = ["mon-fri 09:00-17:00"]
holidays = ["*-12-25", "*-12-26", "*-01-01", "2026-04-03", "2026-04-06"]

[[sla.calendar]]
name = "sydney"
time_zone = "Australia/Sydney"
hours = ["mon-fri 08:30-12:30", "mon-fri 13:30-18:00", "sat 09:00-12:00"]

[[sla.policy]]
name = "urgent"
when = { priority = ["urgent"] }
first_response = 15
next_response = 30
resolution = 240
warn = ["50%", "80%"]

[[sla.policy]]
name = "sydney"
when = { tag = ["sydney"] }
calendar = "sydney"
tell_hours = "sydney"
first_response = 60
next_response = 60
resolution = 900

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

/// A small generator of numbers, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % limit
    }

    fn minutes(&mut self, limit: u64) -> SignedDuration {
        SignedDuration::from_millis(self.below(limit * 60_000) as i64)
    }
}

/// What happens to a ticket, in order.
fn story(dice: &mut Dice) -> Vec<Moment> {
    let start = at("2026-01-01 00:00") + SignedDuration::from_secs(dice.below(365 * 86_400) as i64);
    let mut story = vec![Moment { at: start, what: What::Opened }];
    let (mut now, mut done) = (start, false);
    for _ in 0..dice.below(9) {
        let most = [20, 120, 600, 6_000][dice.below(4) as usize];
        now += dice.minutes(most);
        let what = match dice.below(10) {
            0..=3 => What::Replied,
            4..=6 => What::Spoke,
            7 => What::Pending,
            8 => What::Done,
            _ => What::Working,
        };
        // The customer who writes to a ticket that waits or is done opens it.
        if what == What::Spoke {
            story.push(Moment { at: now, what: What::Working });
        }
        done = what == What::Done || (done && matches!(what, What::Replied));
        story.push(Moment { at: now, what });
    }
    if !done {
        story.push(Moment { at: now + dice.minutes(9_000), what: What::Done });
    }
    story
}

/// Times in which nothing runs, one after the other.
fn outages(dice: &mut Dice) -> Vec<(Timestamp, Timestamp)> {
    let (mut from, mut outages) = (at("2026-01-01 00:00"), Vec::new());
    while from < at("2027-02-01 00:00") {
        let begins = from + dice.minutes(8 * 1_440);
        let most = [5, 90, 3_000][dice.below(3) as usize];
        from = begins + dice.minutes(most);
        outages.push((begins, from));
    }
    outages
}

/// When the daemon gets to what happens at that time.
fn noticed(outages: &[(Timestamp, Timestamp)], time: Timestamp) -> Timestamp {
    let after = outages.partition_point(|(begins, _)| *begins <= time);
    match after.checked_sub(1).map(|last| outages[last]) {
        Some((_, ends)) if time < ends => ends,
        _ => time,
    }
}

#[test]
fn each_warning_and_breach_of_a_year_is_told_once() {
    let (plans, mut dice) = (plans(POLICIES), Dice(0x5eed_1234_abcd_0001));
    let outages = outages(&mut dice);
    let (mut told_in_all, mut mails, mut breaches, mut late) = (0, 0, 0, 0);
    for number in 0..TICKETS {
        let (priority, tags): (_, &[&str]) = match dice.below(4) {
            0 => (Priority::Urgent, &[]),
            1 => (Priority::Normal, &["sydney"]),
            2 => (Priority::Low, &["night"]),
            _ => (Priority::Normal, &[]),
        };
        let plan = choose(&plans, priority, None, tags);
        let mut kept = Kept::default();
        let mut told: BTreeMap<(ClockId, Sign), u32> = BTreeMap::new();
        let mut coming = story(&mut dice).into_iter().peekable();
        loop {
            // Whatever comes first: the next thing that happens, or the time to look again.
            let wake = kept.look_at.map(|at| noticed(&outages, at));
            let happens = coming.peek().map(|moment| noticed(&outages, moment.at));
            let now = match (wake, happens) {
                (Some(wake), Some(happens)) => wake.min(happens),
                (Some(at), None) | (None, Some(at)) => at,
                (None, None) => break,
            };
            while let Some(moment) = coming.next_if(|moment| noticed(&outages, moment.at) <= now) {
                kept.history.add(now, moment.what);
            }
            let found = outlook(plan, kept, now);
            for telling in &found.tellings {
                *told.entry((telling.mark.clock, telling.mark.sign)).or_default() += 1;
                assert!(telling.came <= now, "ticket {number}: {telling:?} told before it came, at {now}");
                mails += u32::from(telling.mail);
                late += u32::from(now.duration_since(telling.came) > SignedDuration::from_mins(1));
            }
            kept = found.kept;
            assert!(kept.look_at.is_none_or(|at| at > now), "ticket {number} looks again at once");
            // A restart: only what the store keeps is there after it.
            if dice.below(8) == 0 {
                kept = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
                // A look out of turn, as after a start or any other change, tells nothing anew.
                let again = outlook(plan, kept, now);
                assert_eq!(again.tellings, [], "ticket {number}");
                kept = again.kept;
            }
        }
        // What the whole history says in the end is what was told, each once.
        let plan = plan.unwrap();
        let mut want = BTreeMap::new();
        for clock in clocks(&kept.history, plan.pauses) {
            let Some(minutes) = plan.minutes(clock.id.target) else { continue };
            let signs = plan.warn.iter().map(|lead| (Sign::Warning(*lead), lead.after(minutes).unwrap()));
            for (sign, after) in signs.chain([(Sign::Breach, i64::from(minutes) * 60_000)]) {
                if clock.reaches(&plan.hours, SignedDuration::from_millis(after)).is_some() {
                    want.insert((clock.id, sign), 1);
                    breaches += u32::from(sign == Sign::Breach);
                }
            }
        }
        assert_eq!(told, want, "ticket {number}");
        told_in_all += told.len();
    }
    assert!(
        told_in_all > TICKETS && breaches > 1_000 && mails > 5_000 && late > 100,
        "the year was too quiet: {told_in_all} told, {breaches} breaches, {mails} mails, {late} late"
    );
}
