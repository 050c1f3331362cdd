//! When the clocks of a ticket run, stand still, end and begin anew.

use super::super::{ClockState, Target, What, WorkingHours, clocks};
use super::{at, calendar, history};
use jiff::SignedDuration;

/// Each clock as `first response 1: 30 min running`, at a time, day and night.
fn stand(moments: &[(&str, What)], pauses: bool, now: &str) -> Vec<String> {
    let hours = WorkingHours::always();
    let words = |clock: super::super::Clock| {
        let state = match clock.state() {
            ClockState::Running => "running".into(),
            ClockState::Paused => "paused".into(),
            ClockState::Ended { at } => format!("ended {}", at.strftime("%H:%M")),
        };
        let minutes = clock.elapsed(&hours, at(now)).as_mins();
        format!("{} {}: {minutes} min {state}", clock.id.target.words(), clock.id.round)
    };
    clocks(&history(moments), pauses).into_iter().map(words).collect()
}

const OPENED: (&str, What) = ("2026-11-23 10:00", What::Opened);

#[test]
fn a_reply_ends_the_first_clock_and_the_next_word_starts_another() {
    let mut moments = vec![OPENED, ("2026-11-23 10:05", What::Spoke)];
    assert_eq!(
        stand(&moments, true, "2026-11-23 10:30"),
        ["first response 1: 30 min running", "resolution 1: 30 min running"]
    );
    moments.extend([("2026-11-23 10:40", What::Replied), ("2026-11-23 11:00", What::Spoke)]);
    moments.push(("2026-11-23 11:10", What::Spoke));
    assert_eq!(
        stand(&moments, true, "2026-11-23 11:30"),
        ["first response 1: 40 min ended 10:40", "resolution 1: 90 min running", "next response 1: 30 min running"]
    );
    moments.extend([("2026-11-23 11:40", What::Replied), ("2026-11-23 11:50", What::Spoke)]);
    let stand = stand(&moments, true, "2026-11-23 12:00");
    assert_eq!(stand[2..], ["next response 1: 40 min ended 11:40", "next response 2: 10 min running"]);
}

#[test]
fn waiting_for_the_customer_stops_the_clocks_where_the_policy_says_so() {
    let moments = [
        OPENED,
        ("2026-11-23 10:10", What::Pending),
        ("2026-11-23 12:00", What::Working),
        ("2026-11-23 12:05", What::Replied),
    ];
    assert_eq!(
        stand(&moments[..2], true, "2026-11-23 11:00"),
        ["first response 1: 10 min paused", "resolution 1: 10 min paused"]
    );
    assert_eq!(
        stand(&moments, true, "2026-11-23 13:00"),
        ["first response 1: 15 min ended 12:05", "resolution 1: 70 min running"]
    );
    assert_eq!(
        stand(&moments, false, "2026-11-23 13:00"),
        ["first response 1: 125 min ended 12:05", "resolution 1: 180 min running"]
    );
}

#[test]
fn reopening_goes_on_with_the_resolution_and_starts_the_next_reply_anew() {
    let moments = [
        OPENED,
        ("2026-11-23 10:20", What::Done),
        ("2026-11-25 09:00", What::Working),
        ("2026-11-25 09:00", What::Spoke),
    ];
    assert_eq!(
        stand(&moments[..2], true, "2026-11-24 00:00"),
        ["first response 1: 20 min ended 10:20", "resolution 1: 20 min ended 10:20"]
    );
    assert_eq!(
        stand(&moments, true, "2026-11-25 09:05"),
        ["first response 1: 20 min ended 10:20", "resolution 1: 25 min running", "next response 1: 5 min running"]
    );
    // An agent who reopens owes nobody an answer.
    assert_eq!(stand(&moments[..3], true, "2026-11-25 09:05").len(), 2);
    // Resolved, then waiting: neither done nor running.
    let waits = [OPENED, ("2026-11-23 10:20", What::Done), ("2026-11-23 11:00", What::Pending)];
    assert_eq!(stand(&waits, true, "2026-11-24 00:00")[1], "resolution 1: 20 min paused");
}

#[test]
fn a_target_is_reached_in_the_stretches_that_count() {
    let office = calendar("Europe/Berlin", &["mon-fri 09:00-17:00"], &[]);
    let reach = |moments: &[(&str, What)], minutes| {
        let clocks = clocks(&history(moments), true);
        let first = clocks.iter().find(|clock| clock.id.target == Target::FirstResponse).unwrap();
        first.reaches(&office, SignedDuration::from_mins(minutes))
    };
    let friday = ("2026-11-27 16:00 Europe/Berlin", What::Opened);
    assert_eq!(reach(&[friday], 120), Some(at("2026-11-30 10:00 Europe/Berlin")));
    let paused = [friday, ("2026-11-27 16:30 Europe/Berlin", What::Pending)];
    assert_eq!(reach(&paused, 120), None, "nobody knows when the customer answers");
    assert_eq!(reach(&paused, 20), Some(at("2026-11-27 16:20 Europe/Berlin")), "what was reached before stays");
    let on = [paused[0], paused[1], ("2026-12-01 12:00 Europe/Berlin", What::Working)];
    assert_eq!(reach(&on, 120), Some(at("2026-12-01 13:30 Europe/Berlin")));
    // Answered in the very moment is in time; a millisecond later is not.
    let answered = [friday, ("2026-11-30 10:00 Europe/Berlin", What::Replied)];
    assert_eq!(reach(&answered, 120), None);
    // Used up as the desk closes: an answer in the evening is late.
    let evening = [("2026-11-27 16:00 Europe/Berlin", What::Opened), ("2026-11-27 20:00 Europe/Berlin", What::Replied)];
    assert_eq!(reach(&evening, 60), Some(at("2026-11-27 17:00 Europe/Berlin")));
    assert_eq!(reach(&evening, 61), None);
    let late = [friday, ("2026-11-30 10:00:00.001 Europe/Berlin", What::Replied)];
    assert_eq!(reach(&late, 120), Some(at("2026-11-30 10:00 Europe/Berlin")));
}
