//! Calendar arithmetic: zones, both changes of the clock, holidays; against a count minute by minute.

use super::super::{Holiday, OpenHours, WorkingHours};
use super::{at, calendar};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use proptest::prelude::*;

#[test]
fn working_time_is_added_over_nights_weekends_and_holidays() {
    let office = calendar(
        "Europe/Berlin",
        &["mon-fri 09:00-12:00", "mon-fri 13:00-17:00"],
        &["*-12-25 Christmas", "2026-12-28 Bridge"],
    );
    for (from, minutes, want) in [
        ("2026-11-23 10:00 Europe/Berlin", 60, "2026-11-23 11:00 Europe/Berlin"),
        ("2026-11-23 11:30 Europe/Berlin", 60, "2026-11-23 13:30 Europe/Berlin"),
        // The end of a span, to the minute.
        ("2026-11-23 09:00 Europe/Berlin", 420, "2026-11-23 17:00 Europe/Berlin"),
        ("2026-11-23 09:00 Europe/Berlin", 421, "2026-11-24 09:01 Europe/Berlin"),
        // Friday evening to Monday; a ticket of the night begins in the morning.
        ("2026-11-27 16:30 Europe/Berlin", 60, "2026-11-30 09:30 Europe/Berlin"),
        ("2026-11-28 03:00 Europe/Berlin", 1, "2026-11-30 09:01 Europe/Berlin"),
        // Thursday before Christmas: Friday is the 25th, Monday the bridge.
        ("2026-12-24 16:00 Europe/Berlin", 120, "2026-12-29 10:00 Europe/Berlin"),
        ("2026-11-23 10:00 Europe/Berlin", 0, "2026-11-23 10:00 Europe/Berlin"),
    ] {
        let due = office.add(at(from), SignedDuration::from_mins(minutes)).unwrap();
        assert_eq!(due, at(want), "{from} + {minutes}");
        assert_eq!(office.between(at(from), due), SignedDuration::from_mins(minutes), "{from}");
    }
    assert_eq!(office.between(at("2026-11-24 10:00"), at("2026-11-23 10:00")), SignedDuration::ZERO);
    assert!(
        !office.is_open(at("2026-11-23 12:00 Europe/Berlin")) && office.is_open(at("2026-11-23 09:00 Europe/Berlin"))
    );
    assert_eq!(office.next_open(at("2026-12-24 17:00 Europe/Berlin")), Some(at("2026-12-29 09:00 Europe/Berlin")));
}

#[test]
fn an_hour_that_is_left_out_is_not_worked_and_one_that_comes_twice_is_worked_twice() {
    let night = &["daily 00:00-06:00"][..];
    for (zone, day, minutes) in [
        ("Europe/Berlin", "2026-03-29", 300),
        ("Europe/Berlin", "2026-10-25", 420),
        ("America/New_York", "2026-03-08", 300),
        ("America/New_York", "2026-11-01", 420),
        // South of the equator it is the other way round.
        ("Australia/Sydney", "2026-04-05", 420),
        ("Australia/Sydney", "2026-10-04", 300),
        // The clock is changed by half an hour, in a zone of half hours.
        ("Australia/Lord_Howe", "2026-04-05", 390),
        ("Australia/Lord_Howe", "2026-10-04", 330),
        // No change at all, and a half-hour zone.
        ("Asia/Kolkata", "2026-03-29", 360),
    ] {
        let hours = calendar(zone, night, &[]);
        let (from, to) = (at(&format!("{day} 00:00 {zone}")), at(&format!("{day} 12:00 {zone}")));
        assert_eq!(hours.between(from, to), SignedDuration::from_mins(minutes), "{zone} {day}");
    }
}

#[test]
fn hours_that_begin_or_end_in_a_change_of_the_clock() {
    let hours = calendar("Europe/Berlin", &["daily 02:30-05:00"], &[]);
    // 02:30 does not exist on that day: it opens at 03:00 summer time, and for two hours.
    let opens = hours.next_open(at("2026-03-29 00:00 Europe/Berlin")).unwrap();
    assert_eq!(opens, at("2026-03-29 01:00"));
    assert_eq!(hours.add(opens, SignedDuration::from_mins(120)), Some(at("2026-03-29 05:00 Europe/Berlin")));
    // 02:30 comes twice: half an hour, a pause of half an hour, and on.
    let from = at("2026-10-25 00:00 Europe/Berlin");
    assert_eq!(hours.add(from, SignedDuration::from_mins(30)), Some(at("2026-10-25 01:00")));
    assert_eq!(hours.add(from, SignedDuration::from_mins(31)), Some(at("2026-10-25 01:31")));
    assert_eq!(hours.between(from, at("2026-10-26 00:00")), SignedDuration::from_mins(180));
    // Two working days over a change of the clock end at the same time of day.
    let office = calendar("America/New_York", &["daily 09:00-17:00"], &[]);
    let due = office.add(at("2026-10-31 10:00 America/New_York"), SignedDuration::from_hours(16));
    assert_eq!(due, Some(at("2026-11-02 10:00 America/New_York")));
}

#[test]
fn day_and_night_counts_everything_and_half_hours_are_right() {
    let from = at("2026-03-29 00:30");
    assert_eq!(WorkingHours::always().add(from, SignedDuration::from_hours(48)), Some(at("2026-03-31 00:30")));
    assert_eq!(WorkingHours::always().between(from, at("2026-03-29 01:30")), SignedDuration::from_hours(1));
    let kolkata = calendar("Asia/Kolkata", &["mon-fri 09:30-18:00"], &[]);
    assert_eq!(kolkata.next_open(at("2026-11-23 00:00")), Some(at("2026-11-23 04:00")));
    let kathmandu = calendar("Asia/Kathmandu", &["daily 09:00-10:00"], &[]);
    assert_eq!(kathmandu.next_open(at("2026-11-23 00:00")), Some(at("2026-11-23 03:15")));
}

const ZONES: [&str; 6] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Sao_Paulo",
];
const HOURS: [&[&str]; 4] = [
    &["mon-fri 09:00-17:00"],
    &["mon-fri 08:30-12:00", "mon,thu 13:00-19:30", "sat 10:00-14:00"],
    &["daily 00:00-24:00"],
    &["daily 01:00-02:30", "daily 22:15-24:00"],
];
const HOLIDAYS: [&str; 3] = ["*-12-25 Christmas", "2026-03-30", "2026-10-26"];

/// The definition: the clock on the wall shows open hours of a day that is no holiday.
fn open_by_definition(zone: &TimeZone, hours: &[OpenHours], at: Timestamp) -> bool {
    let local = at.to_zoned(zone.clone());
    let closed = |date: Date| {
        HOLIDAYS.iter().any(|text| match Holiday::parse(text).unwrap().date {
            super::super::HolidayDate::On(day) => day == date,
            super::super::HolidayDate::Yearly { month, day } => (date.month(), date.day()) == (month, day),
        })
    };
    let minute = local.hour() as u16 * 60 + local.minute() as u16;
    let weekday = local.weekday().to_monday_zero_offset() as usize;
    let within = |hours: &OpenHours| hours.on(weekday) && (hours.span().0..hours.span().1).contains(&minute);
    !closed(local.date()) && hours.iter().any(within)
}

fn any_calendar() -> impl Strategy<Value = (usize, usize)> {
    (0..ZONES.len(), 0..HOURS.len())
}

/// Seconds of 2026, more often around changes of the clock and holidays.
fn any_second() -> impl Strategy<Value = i64> {
    let year = at("2026-01-01 00:00").as_second();
    let around = ["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01", "2026-12-25"];
    let days: Vec<i64> = around.iter().map(|day| at(&format!("{day} 00:00")).as_second()).collect();
    prop_oneof![
        (0..365 * 86_400_i64).prop_map(move |second| year + second),
        (prop::sample::select(days), -86_400..172_800_i64).prop_map(|(day, second)| day + second)
    ]
}

proptest! {
    #[test]
    fn adding_and_counting_agree(
        (zone, hours) in any_calendar(), second in any_second(), minutes in 1..6_000_i64, more in 0..6_000_i64,
    ) {
        let hours = calendar(ZONES[zone], HOURS[hours], &HOLIDAYS);
        let from = Timestamp::from_second(second).unwrap();
        let (working, longer) = (SignedDuration::from_mins(minutes), SignedDuration::from_mins(minutes + more));
        let due = hours.add(from, working).unwrap();
        prop_assert_eq!(hours.between(from, due), working);
        // It is the first such moment: the one before it is open.
        let before = due.checked_sub(SignedDuration::from_millis(1)).unwrap();
        prop_assert!(hours.is_open(before), "{} is closed", before);
        prop_assert!(hours.add(from, longer).unwrap() >= due);
        let later = from.checked_add(SignedDuration::from_mins(more)).unwrap();
        prop_assert!(hours.add(later, working).unwrap() >= due);
        prop_assert_eq!(hours.between(from, later) + hours.between(later, later.max(due)), hours.between(from, later.max(due)));
    }

    #[test]
    fn every_minute_is_counted_as_the_clock_on_the_wall_says(
        (zone, hours) in any_calendar(), second in any_second(), minutes in 1..2_000_i64,
    ) {
        let (compiled, texts) = (calendar(ZONES[zone], HOURS[hours], &HOLIDAYS), HOURS[hours]);
        let read: Vec<OpenHours> = texts.iter().map(|text| OpenHours::parse(text).unwrap()).collect();
        let zone = TimeZone::get(ZONES[zone]).unwrap();
        let from = Timestamp::from_second(second.div_euclid(60) * 60).unwrap();
        let minute = |number: i64| from + SignedDuration::from_mins(number);
        let open = (0..minutes).filter(|number| open_by_definition(&zone, &read, minute(*number))).count();
        prop_assert_eq!(compiled.between(from, minute(minutes)), SignedDuration::from_mins(open as i64));
        prop_assert_eq!(compiled.is_open(from), open_by_definition(&zone, &read, from));
    }
}
