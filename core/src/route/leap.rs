//! Whether a clean-up may trust the clock. What it removes is gone for good, and a clock that was set wrong by a year, or
//! a machine that slept, makes everything look old at once.

use jiff::{SignedDuration, Timestamp};

/// Further ahead of the last clean-up than this, the clock is not believed at once.
const LEAP: SignedDuration = SignedDuration::from_hours(48);
/// Hours of run time in which somebody may set the clock right; then it is believed.
const DOUBTED_HOURS: u32 = 24;

/// What is remembered from one look to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CleanUpNote {
    /// When it was last cleaned up.
    pub last: Timestamp,
    /// Hours of run time since the clock is doubted.
    pub waited_hours: u32,
}

/// What a look comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// It may clean up, and this is then to be remembered.
    CleanUp(CleanUpNote),
    /// It waits, and remembers this.
    Wait {
        note: CleanUpNote,
        /// Whole days that the clock is ahead of the last clean-up.
        ahead_days: u32,
        /// Hours of run time that are left.
        hours_left: u32,
    },
}

/// What to do by what is remembered; `ran_hours` is the run time since the look before, 0 for the first since the start.
pub fn trust(note: Option<CleanUpNote>, now: Timestamp, ran_hours: u32) -> Trust {
    let clean_up = Trust::CleanUp(CleanUpNote { last: now, waited_hours: 0 });
    let Some(note) = note else { return clean_up };
    let ahead = now.duration_since(note.last);
    let waited_hours = note.waited_hours.saturating_add(ran_hours);
    if ahead <= LEAP || waited_hours >= DOUBTED_HOURS {
        return clean_up;
    }
    Trust::Wait {
        note: CleanUpNote { waited_hours, ..note },
        ahead_days: u32::try_from(ahead.as_hours() / 24).unwrap_or(u32::MAX),
        hours_left: DOUBTED_HOURS - waited_hours,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
    }

    #[test]
    fn a_clock_that_goes_as_clocks_do_is_trusted() {
        let note = |last| CleanUpNote { last, waited_hours: 0 };
        assert_eq!(trust(None, hour(9000), 0), Trust::CleanUp(note(hour(9000))), "the first of all");
        for now in [1, 48, -9000] {
            assert_eq!(trust(Some(note(hour(0))), hour(now), 1), Trust::CleanUp(note(hour(now))), "{now}");
        }
    }

    #[test]
    fn a_leap_is_waited_out_for_a_day_of_run_time_across_restarts() {
        let year = 365 * 24;
        let mut note = CleanUpNote { last: hour(0), waited_hours: 0 };
        // A restart every ten hours: its first look counts nothing.
        for look in 0..26 {
            let ran = u32::from(look % 10 != 0);
            match trust(Some(note), hour(year + look), ran) {
                Trust::Wait { note: next, ahead_days, hours_left } => {
                    assert_eq!(
                        (next.last, ahead_days, hours_left),
                        (hour(0), 365 + (look / 24) as u32, 24 - next.waited_hours)
                    );
                    note = next;
                }
                Trust::CleanUp(_) => panic!("too early, at look {look}"),
            }
        }
        assert_eq!(note.waited_hours, 23);
        // Set right meanwhile, it is as if nothing had been.
        assert_eq!(trust(Some(note), hour(27), 1), Trust::CleanUp(CleanUpNote { last: hour(27), waited_hours: 0 }));
        let believed = hour(year + 27);
        assert_eq!(trust(Some(note), believed, 1), Trust::CleanUp(CleanUpNote { last: believed, waited_hours: 0 }));
    }
}
