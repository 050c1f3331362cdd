//! Times as people read them: relative at a glance, exact where it counts.

use crate::clock::Clock;
use jiff::Timestamp;

/// `3 min ago`, `in 2 h`; beyond a month the day.
pub fn relative(at: Timestamp, clock: &Clock) -> String {
    let seconds = clock.now.as_second().saturating_sub(at.as_second());
    let distance = seconds.unsigned_abs();
    let span = match distance {
        0..=9 => return "just now".into(),
        10..=59 => format!("{distance} s"),
        60..=3_599 => format!("{} min", distance / 60),
        3_600..=86_399 => format!("{} h", distance / 3_600),
        86_400..=2_591_999 => format!("{} d", distance / 86_400),
        _ => return at.to_zoned(clock.zone.clone()).strftime("%Y-%m-%d").to_string(),
    };
    if seconds < 0 { format!("in {span}") } else { format!("{span} ago") }
}

/// How far away, whichever way, in its largest unit: `18m`, `3h`, `40d`.
pub fn distance(at: Timestamp, clock: &Clock) -> String {
    match clock.now.as_second().saturating_sub(at.as_second()).unsigned_abs() {
        seconds @ 0..=59 => format!("{seconds}s"),
        seconds @ 60..=3_599 => format!("{}m", seconds / 60),
        seconds @ 3_600..=86_399 => format!("{}h", seconds / 3_600),
        seconds => format!("{}d", seconds / 86_400),
    }
}

/// `2026-11-22 20:17:12 CET`.
pub fn exact(at: Timestamp, clock: &Clock) -> String {
    at.to_zoned(clock.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}

/// `20:17:12` of today, or day and time.
pub fn short(at: Timestamp, clock: &Clock) -> String {
    let (then, now) = (at.to_zoned(clock.zone.clone()), clock.now.to_zoned(clock.zone.clone()));
    let format = if then.date() == now.date() { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
    then.strftime(format).to_string()
}

/// Exact, with the relative time in brackets where that says more than the day.
pub fn both(at: Timestamp, clock: &Clock) -> String {
    let near = clock.now.as_second().saturating_sub(at.as_second()).unsigned_abs() < 2_592_000;
    if near { format!("{} ({})", exact(at, clock), relative(at, clock)) } else { exact(at, clock) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{SignedDuration, tz::TimeZone};

    fn clock() -> Clock {
        let now = "2026-11-22T20:17:12Z".parse().unwrap();
        Clock { now, zone: TimeZone::fixed(jiff::tz::offset(1)) }
    }

    #[test]
    fn relative_times() {
        let ago = |seconds| relative(clock().now - SignedDuration::from_secs(seconds), &clock());
        let said = [0, 9, 10, 59, 60, 3599, 3600, 86_400, 40 * 86_400, -200].map(ago);
        let want = [
            "just now",
            "just now",
            "10 s ago",
            "59 s ago",
            "1 min ago",
            "59 min ago",
            "1 h ago",
            "1 d ago",
            "2026-10-13",
            "in 3 min",
        ];
        assert_eq!(said, want);
    }

    #[test]
    fn distances_are_short() {
        let away = |seconds| distance(clock().now - SignedDuration::from_secs(seconds), &clock());
        assert_eq!([0, 59, -60, 3600, 400 * 86_400].map(away), ["0s", "59s", "1m", "1h", "400d"]);
    }

    #[test]
    fn exact_times_are_local() {
        let at = "2026-11-22T23:30:00Z".parse().unwrap();
        assert!(exact(at, &clock()).starts_with("2026-11-23 00:30:00 +01"), "{}", exact(at, &clock()));
        assert_eq!(short(clock().now, &clock()), "21:17:12");
        assert_eq!(short(at, &clock()), "2026-11-23 00:30:00");
    }
}
