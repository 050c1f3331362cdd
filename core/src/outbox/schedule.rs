//! When to try again: 1 minute, doubling to 4 hours, for 5 days, with jitter.

use jiff::{SignedDuration, Timestamp};

const FIRST: SignedDuration = SignedDuration::from_mins(1);
const LONGEST: SignedDuration = SignedDuration::from_hours(4);
/// How long a mail is tried (RFC 5321 §4.5.4.1 asks for 4 to 5 days).
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(5 * 24);

/// What follows a temporary refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Retry(Timestamp),
    GiveUp,
}

/// The next try after `deferrals` temporary refusals (1 or more) of a mail queued at `created`. `jitter` is 0 to 1
/// and lengthens the wait by up to a fifth, so that mails deferred together do not come back together.
pub fn after_deferral(deferrals: u32, created: Timestamp, now: Timestamp, jitter: f64) -> Next {
    if now.duration_since(created) >= LIFETIME {
        return Next::GiveUp;
    }
    let doublings = deferrals.saturating_sub(1).min(16);
    let wait = FIRST.checked_mul(1 << doublings).unwrap_or(LONGEST).min(LONGEST);
    let wait = wait.mul_f64(1.0 + 0.2 * jitter.clamp(0.0, 1.0));
    now.checked_add(wait).map_or(Next::GiveUp, Next::Retry)
}

/// How long to leave a server alone after `failures` connections in a row failed (1 or more): 5 seconds, doubling
/// to 10 minutes, lengthened by up to a half. Used for sending and for polling alike.
pub fn reconnect_pause(failures: u32, jitter: f64) -> std::time::Duration {
    let doublings = failures.saturating_sub(1).min(10);
    let base = std::time::Duration::from_secs((5_u64 << doublings).min(600));
    base.mul_f64(1.0 + 0.5 * jitter.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(deferrals: u32, jitter: f64) -> i64 {
        let now = Timestamp::UNIX_EPOCH;
        match after_deferral(deferrals, now, now, jitter) {
            Next::Retry(at) => at.duration_since(now).as_mins(),
            Next::GiveUp => -1,
        }
    }

    #[test]
    fn waits_double_to_four_hours() {
        assert_eq!([1, 2, 3, 4, 8, 9, 10, 1000].map(|n| minutes(n, 0.0)), [1, 2, 4, 8, 128, 240, 240, 240]);
        assert_eq!(minutes(9, 1.0), 288);
    }

    proptest::proptest! {
        /// A retry lies in the future, at most 4 hours and a fifth away, and later refusals never wait less.
        #[test]
        fn waits_are_bounded_and_grow(deferrals in 1_u32..100, jitter in 0.0_f64..=1.0, age in 0_i64..432_000) {
            let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(age);
            let wait = |deferrals, jitter| match after_deferral(deferrals, Timestamp::UNIX_EPOCH, now, jitter) {
                Next::Retry(at) => at.duration_since(now).as_secs(),
                Next::GiveUp => -1,
            };
            proptest::prop_assert!((60..=17_280).contains(&wait(deferrals, jitter)));
            proptest::prop_assert!(wait(deferrals, jitter) <= wait(deferrals + 1, jitter));
        }
    }

    #[test]
    fn after_five_days_it_ends() {
        let created = Timestamp::UNIX_EPOCH;
        assert_eq!(after_deferral(30, created, created + LIFETIME, 0.0), Next::GiveUp);
        let before = created + LIFETIME - SignedDuration::from_secs(1);
        assert!(matches!(after_deferral(30, created, before, 0.0), Next::Retry(_)));
    }

    #[test]
    fn a_silent_server_is_left_alone_ever_longer() {
        let seconds = |n, jitter| reconnect_pause(n, jitter).as_secs();
        assert_eq!([1, 2, 3, 8, 50].map(|n| seconds(n, 0.0)), [5, 10, 20, 600, 600]);
        assert_eq!(seconds(1, 1.0), 7);
    }
}
