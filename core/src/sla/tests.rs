//! Calendars over clock changes and holidays; clocks through the life of a ticket.

use super::*;
use crate::settings::{Settings, from_toml};
use crate::ticket::command::tests::{entry, ticket};
use crate::ticket::{Author, Command, EntryKind, Priority, Status, Ticket, TicketAction, act, apply};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

const DESK: &str = r#"
[desk]
close_days = 7
[[calendar]]
name = "office"
time_zone = "Europe/Berlin"
hours = [{ days = ["mon", "tue", "wed", "thu", "fri"], from = "09:00", to = "17:00" }]
holidays = ["12-25", "2026-05-01"]
[[calendar]]
name = "night"
time_zone = "Europe/Berlin"
hours = [{ days = ["sun"], from = "00:00", to = "24:00" }, { days = ["sun"], from = "01:00", to = "04:00" }]
[[calendar]]
name = "early"
time_zone = "Europe/Berlin"
hours = [{ days = ["sun"], from = "01:00", to = "04:00" }]
[[sla]]
name = "gold"
calendar = "office"
when = { priority = ["high"] }
first_response_minutes = 60
next_response_minutes = 120
resolution_minutes = 480
[[sla]]
name = "plain"
when = { tag = ["vip"], customer = ["acme"] }
resolution_minutes = 60
warn_minutes = 0
pause_pending = false
"#;

fn settings() -> Settings {
    from_toml(DESK).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn calendar(name: &str) -> Calendar {
    let settings = settings();
    Calendar::new(settings.calendar.iter().find(|one| one.name == name).unwrap())
}

#[test]
fn working_time_over_weekends_holidays_and_clock_changes() {
    for (name, from, to, minutes) in [
        ("office", "2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z", 60),
        ("office", "2026-11-23T02:00:00Z", "2026-11-23T23:00:00Z", 480),
        // Friday 16:00 to Monday 10:00, over the change to summer time.
        ("office", "2026-03-27T15:00:00Z", "2026-03-30T08:00:00Z", 120),
        // And over the change back.
        ("office", "2026-10-23T14:00:00Z", "2026-10-26T09:00:00Z", 120),
        ("office", "2026-04-30T14:00:00Z", "2026-05-04T08:00:00Z", 120),
        ("office", "2027-12-25T00:00:00Z", "2027-12-26T00:00:00Z", 0),
        // The day that lacks an hour, and the one that has one more.
        ("night", "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", 23 * 60),
        ("night", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z", 25 * 60),
        ("early", "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", 120),
        ("early", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z", 240),
        ("office", "2026-11-24T09:00:00Z", "2026-11-23T09:00:00Z", 0),
    ] {
        assert_eq!(calendar(name).worked(at(from), at(to)).as_mins(), minutes, "{name} {from} {to}");
    }
}

#[test]
fn when_so_much_working_time_has_passed() {
    for (name, from, minutes, want) in [
        ("office", "2026-11-23T08:00:00Z", 60, "2026-11-23T09:00:00Z"),
        ("office", "2026-11-22T12:00:00Z", 60, "2026-11-23T09:00:00Z"),
        ("office", "2026-11-23T08:00:00Z", 480, "2026-11-23T16:00:00Z"),
        ("office", "2026-11-23T08:00:00Z", 481, "2026-11-24T08:01:00Z"),
        ("office", "2026-03-27T15:00:00Z", 120, "2026-03-30T08:00:00Z"),
        ("office", "2026-10-23T14:00:00Z", 120, "2026-10-26T09:00:00Z"),
        ("office", "2026-04-30T14:30:00Z", 60, "2026-05-04T07:30:00Z"),
        ("early", "2026-03-28T12:00:00Z", 61, "2026-03-29T01:01:00Z"),
        ("early", "2026-10-24T12:00:00Z", 180, "2026-10-25T02:00:00Z"),
    ] {
        let after = calendar(name).after(at(from), SignedDuration::from_mins(minutes));
        assert_eq!(after, Some(at(want)), "{name} {from} {minutes}");
    }
    let mut never = settings().calendar[0].clone();
    never.hours.clear();
    assert_eq!(Calendar::new(&never).after(at("2026-11-23T08:00:00Z"), SignedDuration::from_mins(1)), None);
}

proptest! {
    #[test]
    fn what_is_worked_until_then_is_what_was_asked_for(start in 1_767_000_000i64..1_830_000_000, minutes in 1i64..20_000) {
        let (from, work) = (Timestamp::from_second(start).unwrap(), SignedDuration::from_mins(minutes));
        let office = calendar("office");
        let due = office.after(from, work).unwrap();
        prop_assert_eq!(office.worked(from, due), work);
        prop_assert_eq!(office.worked(from, due - SignedDuration::from_secs(1)), work - SignedDuration::from_secs(1));
    }
}

/// A ticket of high priority that began on a Monday at nine, with its clocks.
struct Story {
    ticket: Ticket,
    rules: SlaRules,
    told: Vec<String>,
}

impl Story {
    fn begin() -> Self {
        let began = at("2026-11-23T08:00:00Z");
        let mut ticket = Ticket { created: began, priority: Priority::High, ..ticket(Status::New) };
        let rules = SlaRules::new(&settings());
        follow(&mut ticket, None, &rules, began);
        Self { ticket, rules, told: Vec::new() }
    }

    /// Everything that comes due until then, each at its moment, and then this moment itself.
    fn until(&mut self, now: &str) -> Timestamp {
        let now = at(now);
        while let Some(wake) = self.ticket.clocks.wake.filter(|wake| *wake <= now) {
            self.look(wake);
        }
        now
    }

    fn look(&mut self, now: Timestamp) {
        let Some((applied, struck)) = strike(&self.ticket, None, &self.rules, now) else { return };
        self.told.extend(struck.iter().map(|what| match what {
            Struck::Warned { target, .. } => format!("warned of {}", target.words()),
            Struck::Breached { target, .. } => format!("{} breached", target.words()),
            Struck::Reminded => "reminded".into(),
            Struck::Closed => "closed".into(),
        }));
        self.ticket = applied.ticket;
        assert!(self.ticket.clocks.wake.is_none_or(|wake| wake > now), "it would strike again at once");
    }

    fn follow(&mut self, ticket: Ticket, now: Timestamp) {
        self.ticket = ticket;
        follow(&mut self.ticket, None, &self.rules, now);
        let again = self.ticket.clone();
        follow(&mut self.ticket, None, &self.rules, now + SignedDuration::from_hours(1));
        assert_eq!(self.ticket, again, "following twice changes nothing");
    }

    fn customer_writes(&mut self, now: &str) {
        let now = self.until(now);
        let comment = Command::Comment { entry: entry(EntryKind::Comment, "more"), automatic: false };
        self.follow(apply(&self.ticket, comment, now).unwrap().ticket, now);
    }

    fn agent_answers(&mut self, now: &str) {
        let now = self.until(now);
        let reply = Command::Reply { entry: entry(EntryKind::Comment, "here") };
        self.follow(apply(&self.ticket, reply, now).unwrap().ticket, now);
    }

    fn does(&mut self, now: &str, action: TicketAction) {
        let now = self.until(now);
        let by = Author::Agent { name: "ann".into() };
        self.follow(act(&self.ticket, &[action], &by, now).unwrap().ticket, now);
    }

    fn due(&self, target: Target) -> String {
        self.ticket.clocks.clock(target).and_then(|clock| clock.due).map_or_else(|| "-".into(), |due| due.to_string())
    }
}

#[test]
fn answers_in_time_keep_their_promises_and_the_next_round_counts_anew() {
    let mut story = Story::begin();
    assert_eq!(story.due(Target::FirstResponse), "2026-11-23T09:00:00Z");
    assert_eq!(
        (story.due(Target::NextResponse), story.due(Target::Resolution)),
        ("-".into(), "2026-11-23T16:00:00Z".into())
    );
    story.customer_writes("2026-11-23T08:10:00Z");
    story.agent_answers("2026-11-23T08:20:00Z");
    assert_eq!((story.due(Target::FirstResponse), story.due(Target::NextResponse)), ("-".into(), "-".into()));
    story.customer_writes("2026-11-23T15:00:00Z");
    story.customer_writes("2026-11-23T15:30:00Z");
    assert_eq!(story.due(Target::NextResponse), "2026-11-24T09:00:00Z", "counted from the first unanswered mail");
    story.until("2026-11-24T12:00:00Z");
    let next = "next response breached";
    assert_eq!(story.told, ["warned of resolution", "resolution breached", "warned of next response", next]);
    story.agent_answers("2026-11-24T12:00:00Z");
    story.customer_writes("2026-11-24T13:00:00Z");
    story.until("2026-12-24T12:00:00Z");
    assert_eq!(story.told.iter().filter(|told| *told == next).count(), 2, "each round once: {:?}", story.told);
    assert_eq!(story.told.len(), 6);
}

#[test]
fn waiting_stops_the_clock_and_a_reminder_starts_it() {
    let mut story = Story::begin();
    story.agent_answers("2026-11-23T08:20:00Z");
    story.does("2026-11-23T10:00:00Z", TicketAction::Pend { until: Some(at("2026-11-25T10:00:00Z")) });
    assert_eq!(story.due(Target::Resolution), "-");
    story.until("2026-11-25T11:00:00Z");
    assert_eq!((story.told.as_slice(), story.ticket.status), (["reminded".to_owned()].as_slice(), Status::Open));
    assert_eq!(story.due(Target::Resolution), "2026-11-25T16:00:00Z", "six hours were left at ten");
    story.does("2026-11-25T12:00:00Z", TicketAction::Pend { until: None });
    story.customer_writes("2026-11-26T09:00:00Z");
    assert_eq!(story.due(Target::Resolution), "2026-11-26T13:00:00Z", "four were left at twelve");
}

#[test]
fn resolving_ends_and_reopening_goes_on() {
    let mut story = Story::begin();
    story.does("2026-11-23T10:00:00Z", TicketAction::Resolve { tell: false });
    let clock = story.ticket.clocks.clock(Target::FirstResponse).cloned().unwrap();
    assert_eq!((clock.breached, clock.met), (Some(at("2026-11-23T09:00:00Z")), Some(at("2026-11-23T10:00:00Z"))));
    assert_eq!(story.ticket.clocks.due(), None);
    story.customer_writes("2026-11-24T08:00:00Z");
    assert_eq!(story.due(Target::Resolution), "2026-11-24T14:00:00Z", "two hours were used");
    assert_eq!(story.due(Target::FirstResponse), "2026-11-24T08:00:00Z", "its hour was used up and told of");
    story.until("2026-11-24T12:00:00Z");
    assert_eq!(story.told, ["warned of first response", "first response breached"]);
    story.does("2026-11-24T12:00:00Z", TicketAction::Resolve { tell: false });
    story.until("2026-12-02T12:00:00Z");
    assert_eq!((story.told.last().map(String::as_str), story.ticket.status.word()), (Some("closed"), "closed"));
    assert_eq!(story.ticket.clocks.wake, None);
}

#[test]
fn another_policy_counts_at_once_and_tells_nothing_twice() {
    let mut story = Story::begin();
    story.until("2026-11-23T08:45:00Z");
    assert_eq!(story.told, ["warned of first response"]);
    let mut longer = settings();
    longer.sla[0].first_response_minutes = Some(90);
    story.rules = SlaRules::new(&longer);
    let ticket = story.ticket.clone();
    story.follow(ticket, at("2026-11-23T08:45:00Z"));
    assert_eq!(story.due(Target::FirstResponse), "2026-11-23T09:30:00Z");
    story.until("2026-11-23T10:00:00Z");
    assert_eq!(story.told, ["warned of first response", "first response breached"]);
    let mut shorter = longer.clone();
    shorter.sla[0].resolution_minutes = Some(60);
    story.rules = SlaRules::new(&shorter);
    let ticket = story.ticket.clone();
    story.follow(ticket, at("2026-11-23T10:00:00Z"));
    story.look(at("2026-11-23T10:00:01Z"));
    assert_eq!(story.told.len(), 3, "what is late by the new policy is told once: {:?}", story.told);
    let none = SlaRules::new(&Settings::default());
    follow(&mut story.ticket, None, &none, at("2026-11-23T11:00:00Z"));
    assert_eq!((story.ticket.clocks.running.len(), story.ticket.clocks.wake), (0, None));
}

#[test]
fn a_policy_that_is_new_to_an_old_ticket_wakes_nobody() {
    let mut story = Story::begin();
    story.ticket.clocks = TicketClocks::default();
    let ticket = story.ticket.clone();
    story.follow(ticket, at("2027-01-10T10:00:00Z"));
    story.until("2027-02-10T10:00:00Z");
    assert_eq!(story.told, [] as [&str; 0]);
    assert!(story.ticket.clocks.clock(Target::Resolution).unwrap().breached.is_some());
}

#[test]
fn a_standstill_tells_each_breach_once_and_warns_of_nothing_that_is_over() {
    let mut story = Story::begin();
    story.look(at("2026-11-26T08:00:00Z"));
    assert_eq!(story.told, ["first response breached", "resolution breached"]);
    story.look(at("2026-11-23T08:30:00Z"));
    story.until("2026-12-26T08:00:00Z");
    assert_eq!(story.told.len(), 2, "also after the clock was set back");
}

#[test]
fn the_first_policy_that_holds_counts() {
    let rules = SlaRules::new(&settings());
    let check = |change: fn(&mut Ticket), customer, want: Option<&str>| {
        let mut ticket = Ticket { created: Timestamp::UNIX_EPOCH, ..ticket(Status::New) };
        change(&mut ticket);
        follow(&mut ticket, customer, &rules, Timestamp::UNIX_EPOCH);
        assert_eq!(ticket.clocks.policy.as_deref(), want);
    };
    check(|_| {}, None, None);
    check(|ticket| ticket.priority = Priority::High, None, Some("gold"));
    check(|ticket| ticket.tags = vec!["vip".into()], Some("ACME"), Some("plain"));
    check(|ticket| ticket.tags = vec!["vip".into()], Some("other"), None);
    check(|_| {}, Some("acme"), None);
}
