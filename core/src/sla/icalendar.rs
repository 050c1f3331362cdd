//! Holidays out of an iCalendar file (RFC 5545), as calendar programs and states publish them.
//!
//! Whole days are taken, with their yearly repetitions; everything else is listed as left out, with the reason.

use super::{Holiday, HolidayDate};
use crate::mail::{CalendarField, calendar_text, unfolded_calendar};
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// Days of one event at the most, and years of a repetition that is worked out.
const MOST_DAYS: usize = 60;
const YEARS_AHEAD: i16 = 20;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundHolidays {
    /// In order, each once.
    pub holidays: Vec<Holiday>,
    /// Events that are no holidays here: name and reason.
    pub left_out: Vec<(String, &'static str)>,
}

/// The text holds no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no event (VEVENT) in it; it must be an iCalendar file")]
pub struct NoEvents;

#[derive(Default)]
struct Event {
    name: String,
    start: Option<String>,
    end: Option<String>,
    rule: Option<String>,
    cancelled: bool,
}

/// Reads all events of a file.
///
/// # Errors
/// [`NoEvents`].
pub fn holidays_from_icalendar(text: &str) -> Result<FoundHolidays, NoEvents> {
    let mut open: Vec<String> = Vec::new();
    let (mut event, mut events, mut found) = (Event::default(), 0, FoundHolidays::default());
    for line in unfolded_calendar(text) {
        let Some(field) = CalendarField::of(&line) else { continue };
        match (field.name.as_str(), field.value.trim()) {
            ("BEGIN", part) => {
                if part.eq_ignore_ascii_case("VEVENT") {
                    event = Event::default();
                }
                open.push(part.to_ascii_uppercase());
            }
            ("END", part) => {
                if part.eq_ignore_ascii_case("VEVENT") {
                    events += 1;
                    match event.days() {
                        Ok(dates) => {
                            found.holidays.extend(dates.into_iter().map(|date| Holiday::new(date, &event.name)))
                        }
                        Err(reason) => found.left_out.push((event.name.clone(), reason)),
                    }
                }
                open.pop();
            }
            (name, value) if open.last().is_some_and(|part| part == "VEVENT") => match name {
                "SUMMARY" => event.name = calendar_text(value),
                "DTSTART" => event.start = Some(value.to_owned()),
                "DTEND" => event.end = Some(value.to_owned()),
                "RRULE" => event.rule = Some(value.to_ascii_uppercase()),
                "STATUS" => event.cancelled = value.eq_ignore_ascii_case("CANCELLED"),
                _ => {}
            },
            _ => {}
        }
    }
    found.holidays.sort();
    found.holidays.dedup_by(|later, earlier| later.date == earlier.date);
    if events == 0 { Err(NoEvents) } else { Ok(found) }
}

impl Event {
    fn days(&self) -> Result<Vec<HolidayDate>, &'static str> {
        if self.cancelled {
            return Err("it is cancelled");
        }
        let start = self.start.as_deref().and_then(whole_day).ok_or("it does not begin with a whole day")?;
        // The end is the day after the last one.
        let end = match self.end.as_deref() {
            Some(end) => whole_day(end).ok_or("it does not end with a whole day")?,
            None => after(start, 1.day()).ok_or("its date is out of range")?,
        };
        let last = if end > start { end } else { after(start, 1.day()).ok_or("its date is out of range")? };
        let length = usize::try_from(start.until(last).map_or(1, |span| span.get_days())).unwrap_or(1);
        if length > MOST_DAYS {
            return Err("it is longer than 60 days");
        }
        let run = |first: Date| (0..length).filter_map(move |day| after(first, i64::try_from(day).ok()?.days()));
        match &self.rule {
            None => Ok(run(start).map(HolidayDate::On).collect()),
            Some(rule) => match Repetition::read(rule, start)? {
                Repetition::EveryYear => {
                    Ok(run(start).map(|day| HolidayDate::Yearly { month: day.month(), day: day.day() }).collect())
                }
                Repetition::Days(days) => Ok(days.into_iter().flat_map(run).map(HolidayDate::On).collect()),
            },
        }
    }
}

enum Repetition {
    /// On this day of every year, without an end.
    EveryYear,
    Days(Vec<Date>),
}

const NOT_READ: &str = "its repetition is not one that is read here (yearly, on a day or a weekday of a month)";

impl Repetition {
    fn read(rule: &str, start: Date) -> Result<Self, &'static str> {
        let (mut until, mut count, mut interval, mut weekday) = (None, None, 1, None);
        for (name, value) in rule.split(';').filter_map(|part| part.split_once('=')) {
            match name {
                "FREQ" if value == "YEARLY" => {}
                "UNTIL" => until = Some(value.get(..8).and_then(whole_day).ok_or(NOT_READ)?),
                "COUNT" => count = Some(value.parse::<usize>().map_err(|_| NOT_READ)?),
                "INTERVAL" => interval = value.parse::<i16>().ok().filter(|years| *years > 0).ok_or(NOT_READ)?,
                "BYDAY" => weekday = Some(day_of_month(value).ok_or(NOT_READ)?),
                "BYMONTH" if value.parse() == Ok(start.month()) => {}
                "BYMONTHDAY" if value.parse() == Ok(start.day()) => {}
                "WKST" => {}
                _ => return Err(NOT_READ),
            }
        }
        if (until, count, interval, weekday) == (None, None, 1, None) {
            return Ok(Self::EveryYear);
        }
        let last = start.year().saturating_add(YEARS_AHEAD.saturating_mul(interval.min(10)));
        let years = (start.year()..=last).step_by(usize::try_from(interval).unwrap_or(1));
        let day_in = |year: i16| match weekday {
            Some((nth, weekday)) => Date::new(year, start.month(), 1).ok()?.nth_weekday_of_month(nth, weekday).ok(),
            None => Date::new(year, start.month(), start.day()).ok(),
        };
        let days = years.filter_map(day_in).filter(|day| *day >= start);
        let days = days.take_while(|day| until.is_none_or(|until| *day <= until)).take(count.unwrap_or(usize::MAX));
        Ok(Self::Days(days.collect()))
    }
}

/// `4TH` is the fourth Thursday, `-1MO` the last Monday.
fn day_of_month(text: &str) -> Option<(i8, Weekday)> {
    let (nth, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let weekday = match day {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    Some((nth.parse().ok().filter(|nth: &i8| *nth != 0)?, weekday))
}

/// `20260403`. What has a time is no whole day, unless that is midnight.
fn whole_day(text: &str) -> Option<Date> {
    let (date, time) = text.trim().trim_end_matches(['Z', 'z']).split_once('T').unwrap_or((text.trim(), "000000"));
    let number = |range: std::ops::Range<usize>| date.get(range)?.parse::<i16>().ok();
    let small = |range| i8::try_from(number(range)?).ok();
    (date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) && time == "000000").then_some(())?;
    Date::new(number(0..4)?, small(4..6)?, small(6..8)?).ok()
}

fn after(day: Date, span: Span) -> Option<Date> {
    day.checked_add(span).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(events: &[&str]) -> FoundHolidays {
        let events: Vec<String> =
            events.iter().map(|event| format!("BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n")).collect();
        holidays_from_icalendar(&format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", events.concat())).unwrap()
    }

    fn check(event: &str, want: &[&str]) {
        let found = read(&[event]);
        assert_eq!(found.holidays.iter().map(Holiday::to_string).collect::<Vec<_>>(), want, "{:?}", found.left_out);
    }

    #[test]
    fn days_runs_of_days_and_repetitions_are_taken() {
        check("SUMMARY:Good\\, \r\n Friday\r\nDTSTART;VALUE=DATE:20260403", &["2026-04-03 Good, Friday"]);
        check("SUMMARY:X\r\nDTSTART:20260403\r\nDTEND:20260405", &["2026-04-03 X", "2026-04-04 X"]);
        check(
            "DTSTART;TZID=Europe/Berlin:20260403T000000\r\nDTEND;TZID=Europe/Berlin:20260404T000000",
            &["2026-04-03"],
        );
        check(
            "SUMMARY:Xmas\r\nDTSTART:20251225\r\nDTEND:20251227\r\nRRULE:FREQ=YEARLY",
            &["*-12-25 Xmas", "*-12-26 Xmas"],
        );
        check("DTSTART:20260101\r\nRRULE:FREQ=YEARLY;COUNT=2;BYMONTH=1;BYMONTHDAY=1", &["2026-01-01", "2027-01-01"]);
        check("DTSTART:20260101\r\nRRULE:FREQ=YEARLY;UNTIL=20280102T000000Z;INTERVAL=2", &["2026-01-01", "2028-01-01"]);
        let thanksgiving = "DTSTART:20261126\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3";
        check(thanksgiving, &["2026-11-26", "2027-11-25", "2028-11-23"]);
        check("DTSTART:20260525\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=2", &["2026-05-25", "2027-05-31"]);
    }

    #[test]
    fn what_is_no_holiday_is_left_out_with_its_reason() {
        for (event, reason) in [
            ("SUMMARY:a\r\nDTSTART:20260403T090000Z", "does not begin with a whole day"),
            ("SUMMARY:a\r\nDTSTART:20260403\r\nDTEND:20260403T120000", "does not end with a whole day"),
            ("SUMMARY:a\r\nDTSTART:20260403\r\nSTATUS:CANCELLED", "cancelled"),
            ("SUMMARY:a\r\nDTSTART:20260403\r\nRRULE:FREQ=WEEKLY", "repetition"),
            ("SUMMARY:a\r\nDTSTART:20260403\r\nRRULE:FREQ=YEARLY;BYDAY=XX", "repetition"),
            ("SUMMARY:a\r\nDTSTART:20260403\r\nDTEND:20270403", "longer"),
            ("SUMMARY:a\r\nDTSTART:2026ü403", "whole day"),
            ("SUMMARY:a", "whole day"),
        ] {
            let found = read(&[event]);
            assert!(found.holidays.is_empty() && found.left_out[0].0 == "a", "{event}: {found:?}");
            assert!(found.left_out[0].1.contains(reason), "{event}: {found:?}");
        }
        for text in ["", "BEGIN:VCALENDAR\r\nEND:VCALENDAR", "%PDF-1.4", "BEGIN:VTODO\r\nEND:VTODO"] {
            assert_eq!(holidays_from_icalendar(text), Err(NoEvents));
        }
    }

    #[test]
    fn one_day_is_one_holiday() {
        let found = read(&["SUMMARY:b\r\nDTSTART:20260403", "SUMMARY:a\r\nDTSTART:20260403", "DTSTART:20260101"]);
        assert_eq!(found.holidays.iter().map(Holiday::to_string).collect::<Vec<_>>(), ["2026-01-01", "2026-04-03 a"]);
    }
}
