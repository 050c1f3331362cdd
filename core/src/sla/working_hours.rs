//! Working time: adding it to a moment, and counting it between two.
//!
//! A moment is open where the clock on the wall shows open hours of a day that is no holiday. So an hour that summer
//! time leaves out is not worked, and one that comes twice is worked twice. Times count in whole milliseconds.

use super::{Holiday, HolidayDate, OpenHours};
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;
/// Years for which changes of the clock and yearly holidays are worked out; the last offset counts after them.
const YEARS: std::ops::Range<i16> = 1990..2150;
/// How far working time is looked for.
const FARTHEST: i64 = 30 * 366 * DAY;

/// A calendar that is reckoned with.
#[derive(Debug, Clone)]
pub struct WorkingHours {
    zone: TimeZone,
    /// Nothing: always open.
    week: Option<Week>,
}

#[derive(Debug, Clone)]
struct Week {
    /// From when which offset from UTC counts, in milliseconds; the first from ever.
    offsets: Vec<(i64, i64)>,
    /// Open spans of each weekday from Monday, in milliseconds since midnight, in order and apart.
    days: [Vec<(i64, i64)>; 7],
    /// Days since 1970.
    closed: HashSet<i64>,
}

impl WorkingHours {
    /// Open day and night.
    pub fn always() -> Self {
        Self { zone: TimeZone::UTC, week: None }
    }

    pub(super) fn new(zone: TimeZone, hours: &[OpenHours], holidays: &[Holiday]) -> Self {
        let days = std::array::from_fn(|weekday| {
            let spans = hours.iter().filter(|hours| hours.on(weekday)).map(OpenHours::span);
            merged(spans.map(|(from, to)| (i64::from(from) * MINUTE, i64::from(to) * MINUTE)).collect())
        });
        let week = Week { offsets: offsets(&zone), days, closed: holidays.iter().flat_map(days_of).collect() };
        Self { zone, week: Some(week) }
    }

    /// The time zone that times are shown in.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    pub(super) fn ever_open(&self) -> bool {
        let start = date(2020, 1, 1).to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()).unwrap_or_default();
        self.next_open(start).is_some()
    }

    /// Whether this moment is open. The end of a span is not.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.next_open(at).is_some_and(|open| open.as_millisecond() == at.as_millisecond())
    }

    /// The first open moment from `at` on; nothing where none comes for decades.
    pub fn next_open(&self, at: Timestamp) -> Option<Timestamp> {
        let Some(week) = &self.week else { return Some(at) };
        let (from, _) = week.spans(at.as_millisecond()).next()?;
        Timestamp::from_millisecond(from).ok()
    }

    /// When so much working time has passed since `at`: the earliest moment with [`between`](Self::between) of that
    /// much. Nothing where that is decades away.
    pub fn add(&self, at: Timestamp, working: SignedDuration) -> Option<Timestamp> {
        let (at, mut left) = (at.as_millisecond(), i64::try_from(working.as_millis()).ok()?.max(0));
        let Some(week) = self.week.as_ref().filter(|_| left > 0) else {
            return Timestamp::from_millisecond(at.checked_add(left)?).ok();
        };
        for (from, to) in week.spans(at) {
            if left <= to - from {
                return Timestamp::from_millisecond(from + left).ok();
            }
            left -= to - from;
        }
        None
    }

    /// The working time between two moments; none where `to` is not after `from`.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        let (from, to) = (from.as_millisecond(), to.as_millisecond());
        let Some(week) = &self.week else { return SignedDuration::from_millis((to - from).max(0)) };
        let spans = week.spans(from).take_while(|(begins, _)| *begins < to);
        SignedDuration::from_millis(spans.map(|(begins, ends)| ends.min(to) - begins).sum())
    }
}

impl Week {
    /// Open spans from a moment on, in order, the first beginning not before it.
    fn spans(&self, at: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let first = self.offsets.partition_point(|(from, _)| *from <= at).saturating_sub(1);
        let stretches = self.offsets.iter().enumerate().skip(first);
        stretches.flat_map(move |(number, (from, offset))| {
            let end = self.offsets.get(number + 1).map_or(at.saturating_add(FARTHEST), |(next, _)| *next);
            let (from, end) = ((*from).max(at), end.min(at.saturating_add(FARTHEST)));
            self.under_offset(from, end, *offset)
        })
    }

    /// Open spans from `from` to `end`, between which the offset does not change.
    fn under_offset(&self, from: i64, end: i64, offset: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let first = from.saturating_add(offset).div_euclid(DAY);
        let last = end.saturating_add(offset).div_euclid(DAY);
        (first..=last).filter(|day| !self.closed.contains(day)).flat_map(move |day| {
            // The first of January 1970 was a Thursday.
            let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or_default();
            let spans = self.days.get(weekday).map(Vec::as_slice).unwrap_or_default();
            let midnight = day * DAY - offset;
            let clipped =
                move |(begins, ends): &(i64, i64)| ((midnight + begins).max(from), (midnight + ends).min(end));
            spans.iter().map(clipped).filter(|(begins, ends)| begins < ends)
        })
    }
}

/// Spans in order, those that touch or overlap as one.
fn merged(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (from, to) in spans {
        match merged.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => merged.push((from, to)),
        }
    }
    merged
}

fn offsets(zone: &TimeZone) -> Vec<(i64, i64)> {
    let year = |year: i16| date(year, 1, 1).to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()).unwrap_or_default();
    let (first, last) = (year(YEARS.start), year(YEARS.end));
    let milliseconds = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1000;
    let mut offsets = vec![(i64::MIN, milliseconds(zone.to_offset(first)))];
    let changes = zone.following(first).take_while(|change| change.timestamp() < last);
    offsets.extend(changes.map(|change| (change.timestamp().as_millisecond(), milliseconds(change.offset()))));
    offsets
}

/// Days since 1970 on which this holiday is.
fn days_of(holiday: &Holiday) -> Vec<i64> {
    let number = |day: jiff::civil::Date| {
        day.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp().as_millisecond().div_euclid(DAY)).ok()
    };
    match holiday.date {
        HolidayDate::On(day) => number(day).into_iter().collect(),
        HolidayDate::Yearly { month, day } => {
            YEARS.filter_map(|year| jiff::civil::Date::new(year, month, day).ok().and_then(number)).collect()
        }
    }
}
