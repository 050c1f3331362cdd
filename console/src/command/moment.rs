//! Moments as people type them.

use crate::clock::Clock;
use crate::failure::Failure;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

/// What a moment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// A span of time ago; of a day its first moment.
    Back,
    /// A span of time ago; of a day its last moment.
    BackToItsEnd,
    /// A span of time from now on; of a day its first moment.
    Ahead,
}

/// A day, a local or UTC time, or a span such as `3d`.
pub(super) fn moment(text: &str, direction: Direction, clock: &Clock) -> Result<Timestamp, Failure> {
    let wrong =
        || Failure::Usage(format!("\"{text}\" is no time: use 2026-11-22, 2026-11-22T08:00 or 90m, 12h, 3d, 2w"));
    let local = |at: jiff::civil::DateTime| at.to_zoned(clock.zone.clone()).map(|at| at.timestamp());
    if let Some(span) = span(text) {
        let moment = match direction {
            Direction::Ahead => clock.now.checked_add(span),
            Direction::Back | Direction::BackToItsEnd => clock.now.checked_sub(span),
        };
        return moment.map_err(|_| wrong());
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    if let Ok(day) = text.parse::<Date>()
        && !text.contains(['T', ' ', ':'])
    {
        let begins = |day: Date| local(day.at(0, 0, 0, 0)).map_err(|_| wrong());
        return if direction == Direction::BackToItsEnd {
            let next = day.checked_add(1.day()).map_err(|_| wrong())?;
            Ok(begins(next)? - SignedDuration::from_nanos(1))
        } else {
            begins(day)
        };
    }
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Ok(zoned.timestamp());
    }
    text.parse::<jiff::civil::DateTime>().and_then(local).map_err(|_| wrong())
}

/// `90m`, `12h`, `3d`, `2w`.
fn span(text: &str) -> Option<SignedDuration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: i64 = digits.parse().ok().filter(|number| (0..=1_000_000).contains(number))?;
    let minutes = match text.strip_prefix(digits)? {
        "m" => 1,
        "h" => 60,
        "d" => 24 * 60,
        "w" => 7 * 24 * 60,
        _ => return None,
    };
    Some(SignedDuration::from_mins(number * minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    #[test]
    fn moments_are_days_times_or_ages() {
        let now = "2026-11-22T20:00:00Z".parse().unwrap();
        let clock = Clock { now, zone: TimeZone::fixed(jiff::tz::offset(1)) };
        let read = |text: &str, direction| moment(text, direction, &clock).map(|at| at.to_string()).unwrap_or_default();
        for (text, direction, want) in [
            ("2026-11-22", Direction::Back, "2026-11-21T23:00:00Z"),
            ("2026-11-22", Direction::BackToItsEnd, "2026-11-22T22:59:59.999999999Z"),
            ("2026-11-22T08:00", Direction::Back, "2026-11-22T07:00:00Z"),
            ("2026-11-22T08:00:00Z", Direction::Back, "2026-11-22T08:00:00Z"),
            ("90m", Direction::Back, "2026-11-22T18:30:00Z"),
            ("2w", Direction::BackToItsEnd, "2026-11-08T20:00:00Z"),
            ("3h", Direction::Ahead, "2026-11-22T23:00:00Z"),
            ("2026-12-01", Direction::Ahead, "2026-11-30T23:00:00Z"),
            ("yesterday", Direction::Back, ""),
            ("3y", Direction::Back, ""),
            ("-3d", Direction::Back, ""),
        ] {
            assert_eq!(read(text, direction), want, "{text}");
        }
    }
}
