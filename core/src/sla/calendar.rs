//! Working time: how long it is between two moments, and when so much of it has passed.

use crate::settings::{CalendarSettings, Holiday};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Days looked at for enough working time: more than 20 years. A calendar that never works promises nothing.
const LONGEST: usize = 7_500;

/// The hours in which a desk works, in its zone.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    /// Of each day of the week from Monday on: minutes after midnight, ascending, apart from each other.
    hours: [Vec<(i16, i16)>; 7],
    holidays: Vec<Holiday>,
}

impl Calendar {
    pub fn new(settings: &CalendarSettings) -> Self {
        let mut hours: [Vec<(i16, i16)>; 7] = Default::default();
        for open in &settings.hours {
            let span = (open.from.minutes(), open.to.minutes());
            for day in &open.days {
                if let Some(of_day) = hours.get_mut(day.from_monday()) {
                    of_day.push(span);
                }
            }
        }
        hours.iter_mut().for_each(merge);
        Self { zone: settings.time_zone.zone(), hours, holidays: settings.holidays.clone() }
    }

    /// The working time between two moments; none where they are in the other order.
    pub fn worked(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        let mut sum = SignedDuration::ZERO;
        let last = to.to_zoned(self.zone.clone()).date();
        for date in self.days(from) {
            if date > last {
                break;
            }
            for (start, end) in self.spans(date) {
                let (start, end) = (start.max(from), end.min(to));
                if end > start {
                    sum += end.duration_since(start);
                }
            }
        }
        sum
    }

    /// When so much working time has passed since then; nothing where it never does.
    pub fn after(&self, from: Timestamp, work: SignedDuration) -> Option<Timestamp> {
        if work <= SignedDuration::ZERO {
            return Some(from);
        }
        let mut left = work;
        for date in self.days(from) {
            for (start, end) in self.spans(date) {
                let start = start.max(from);
                if end <= start {
                    continue;
                }
                let there = end.duration_since(start);
                if there >= left {
                    return start.checked_add(left).ok();
                }
                left -= there;
            }
        }
        None
    }

    fn days(&self, from: Timestamp) -> impl Iterator<Item = Date> {
        let first = from.to_zoned(self.zone.clone()).date();
        std::iter::successors(Some(first), |date| date.tomorrow().ok()).take(LONGEST)
    }

    /// The working hours of a day as moments. An hour that the clocks skip is not worked, one that they repeat is
    /// worked twice where it lies within the hours.
    fn spans(&self, date: Date) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let holiday = self.holidays.iter().any(|holiday| holiday.is(date));
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        let hours = self.hours.get(day).filter(|_| !holiday).map_or(&[][..], Vec::as_slice);
        hours.iter().filter_map(move |(from, to)| Some((self.moment(date, *from)?, self.moment(date, *to)?)))
    }

    fn moment(&self, date: Date, minutes: i16) -> Option<Timestamp> {
        // 24:00 is midnight of the next day.
        let (date, minutes) = if minutes >= 24 * 60 { (date.tomorrow().ok()?, 0) } else { (date, minutes) };
        let (hour, minute) = (i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?);
        date.at(hour, minute, 0, 0).to_zoned(self.zone.clone()).ok().map(|at| at.timestamp())
    }
}

fn merge(spans: &mut Vec<(i16, i16)>) {
    spans.sort_unstable();
    let mut merged: Vec<(i16, i16)> = Vec::with_capacity(spans.len());
    for (from, to) in spans.drain(..).filter(|(from, to)| from < to) {
        match merged.last_mut().filter(|(_, end)| from <= *end) {
            Some(last) => last.1 = last.1.max(to),
            None => merged.push((from, to)),
        }
    }
    *spans = merged;
}
