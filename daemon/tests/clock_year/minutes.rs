//! Working time by counting: a table with every minute of the year. Shares nothing with how the daemon reckons.

use super::story::begins;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Minutes of the table: fifteen months.
const LENGTH: usize = 455 * 1_440;

/// When a desk works.
pub(crate) struct Minutes {
    pub(crate) zone: TimeZone,
    /// Open minutes before each minute.
    open_before: Vec<u32>,
}

impl Minutes {
    pub(crate) fn always() -> Minutes {
        Minutes { zone: TimeZone::UTC, open_before: (0..LENGTH as u32).collect() }
    }

    pub(crate) fn berlin() -> Minutes {
        Minutes::of("Europe/Berlin", |local| {
            let (month, day) = (local.month(), local.day());
            let holiday = matches!((month, day), (12, 25 | 26) | (1, 1))
                || (local.year() == 2026 && matches!((month, day), (4, 3 | 6)));
            !holiday && !weekend(local) && (9..17).contains(&local.hour())
        })
    }

    pub(crate) fn sydney() -> Minutes {
        Minutes::of("Australia/Sydney", |local| {
            let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
            let week = (510..750).contains(&minute) || (810..1080).contains(&minute);
            (!weekend(local) && week) || (local.weekday() == Weekday::Sunday && (60..240).contains(&minute))
        })
    }

    fn of(zone: &str, open: impl Fn(DateTime) -> bool) -> Minutes {
        let zone = TimeZone::get(zone).unwrap();
        let (mut open_before, mut count) = (Vec::with_capacity(LENGTH), 0);
        for minute in 0..LENGTH {
            open_before.push(count);
            count += u32::from(open(zone.to_datetime(time(minute))));
        }
        Minutes { zone, open_before }
    }

    pub(crate) fn is_open(&self, at: Timestamp) -> bool {
        let minute = minute(at);
        self.open_before[minute + 1] > self.open_before[minute]
    }

    /// The first open minute from `at` on.
    pub(crate) fn next_open(&self, at: Timestamp) -> Timestamp {
        let closed = self.open_before[minute(at)];
        time(self.open_before.partition_point(|open| *open <= closed) - 1)
    }

    /// Open minutes between two moments.
    pub(crate) fn between(&self, from: Timestamp, to: Timestamp) -> u32 {
        self.open_before[minute(to)] - self.open_before[minute(from)]
    }

    /// The first moment from `from` on before which there were so many open minutes.
    pub(crate) fn after(&self, from: Timestamp, open: u32) -> Timestamp {
        let wanted = self.open_before[minute(from)] + open;
        time(self.open_before.partition_point(|open| *open < wanted).max(minute(from)))
    }
}

fn weekend(local: DateTime) -> bool {
    matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn minute(at: Timestamp) -> usize {
    usize::try_from(at.duration_since(begins()).as_mins()).unwrap()
}

fn time(minute: usize) -> Timestamp {
    begins() + SignedDuration::from_mins(minute as i64)
}
