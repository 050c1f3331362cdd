//! How many mails a sender may send in a minute and in an hour, over sliding windows.

use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Mails that went longer ago count for nothing.
pub const LONGEST_WINDOW: SignedDuration = HOUR;

/// Limits; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RateLimit {
    pub per_minute: u32,
    pub per_hour: u32,
}

impl RateLimit {
    /// How many sent mails must be remembered to keep the limits.
    pub fn memory(self) -> usize {
        self.per_minute.max(self.per_hour) as usize
    }
}

/// When the last mails went, the oldest first.
#[derive(Debug, Clone)]
pub struct SlidingWindow {
    limit: RateLimit,
    sent: VecDeque<Timestamp>,
}

impl SlidingWindow {
    /// Begins with what was sent before, in any order.
    pub fn new(limit: RateLimit, sent: impl IntoIterator<Item = Timestamp>) -> Self {
        let mut sent: Vec<Timestamp> = sent.into_iter().collect();
        sent.sort_unstable();
        let mut window = Self { limit, sent: sent.into() };
        window.forget();
        window
    }

    /// A mail went at that time, which is not before those recorded earlier.
    pub fn record(&mut self, at: Timestamp) {
        if self.limit.memory() > 0 {
            self.sent.push_back(at);
            self.forget();
        }
    }

    /// How many mails may go now; nothing where there is no limit.
    pub fn allowance(&self, now: Timestamp) -> Option<usize> {
        let of = |limit: u32, length| (limit > 0).then(|| (limit as usize).saturating_sub(self.within(length, now)));
        match (of(self.limit.per_minute, MINUTE), of(self.limit.per_hour, HOUR)) {
            (Some(minute), Some(hour)) => Some(minute.min(hour)),
            (minute, hour) => minute.or(hour),
        }
    }

    /// When the next mail may go, where none may now.
    pub fn opens_at(&self, now: Timestamp) -> Option<Timestamp> {
        if self.allowance(now) != Some(0) {
            return None;
        }
        let of = |limit: u32, length| {
            let last = self.sent.len().checked_sub(limit as usize)?;
            (limit > 0).then(|| self.sent.get(last)?.checked_add(length).ok())?
        };
        of(self.limit.per_minute, MINUTE).max(of(self.limit.per_hour, HOUR))
    }

    /// Mails that went less than `length` ago. A clock set back makes no mail forgotten.
    fn within(&self, length: SignedDuration, now: Timestamp) -> usize {
        self.sent.iter().rev().take_while(|at| now.duration_since(**at) < length).count()
    }

    fn forget(&mut self) {
        let surplus = self.sent.len().saturating_sub(self.limit.memory());
        self.sent.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn both_windows_count() {
        let limit = RateLimit { per_minute: 2, per_hour: 3 };
        let mut window = SlidingWindow::new(limit, [at(0)]);
        assert_eq!((window.allowance(at(1)), window.opens_at(at(1))), (Some(1), None));
        window.record(at(1));
        assert_eq!((window.allowance(at(1)), window.opens_at(at(1))), (Some(0), Some(at(60))));
        assert_eq!(window.allowance(at(60)), Some(1));
        window.record(at(60));
        assert_eq!((window.allowance(at(200)), window.opens_at(at(200))), (Some(0), Some(at(3600))));
    }

    #[test]
    fn without_limits_nothing_is_remembered() {
        let mut window = SlidingWindow::new(RateLimit::default(), [at(0)]);
        window.record(at(1));
        assert_eq!((window.allowance(at(1)), window.opens_at(at(1)), window.sent.len()), (None, None, 0));
    }

    proptest! {
        /// However mails come, no minute and no hour holds more than allowed, and a closed window says when it opens.
        #[test]
        fn limits_hold(per_minute in 0_u32..6, per_hour in 0_u32..20, pauses in prop::collection::vec(0_i64..300, 0..80)) {
            let limit = RateLimit { per_minute, per_hour };
            let mut window = SlidingWindow::new(limit, []);
            let (mut now, mut sent) = (0, Vec::new());
            for pause in pauses {
                now += pause;
                match window.opens_at(at(now)) {
                    Some(opens) => {
                        prop_assert!(opens > at(now));
                        prop_assert!(window.allowance(opens).is_some_and(|left| left > 0));
                    }
                    None => {
                        window.record(at(now));
                        sent.push(now);
                    }
                }
            }
            for (length, most) in [(60, per_minute), (3600, per_hour)] {
                for start in &sent {
                    let count = sent.iter().filter(|one| (*start..start + length).contains(*one)).count();
                    prop_assert!(most == 0 || count <= most as usize);
                }
            }
        }
    }
}
