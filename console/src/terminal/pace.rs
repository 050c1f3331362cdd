//! How often pictures are drawn that nobody waits for: at once after a pause, ten times a second while very much
//! happens. What a key leads to is drawn without asking here once the savings are gone.

use std::time::{Duration, Instant};

/// What one picture costs.
const COST: Duration = Duration::from_millis(100);
/// What is saved at the most: a few pictures at once, so that keys feel light.
const SAVED: Duration = Duration::from_millis(400);

/// Time that was saved up for pictures.
#[derive(Debug)]
pub(super) struct Pace {
    saved: Duration,
    since: Instant,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self { saved: SAVED, since: now }
    }

    /// Pays for a picture; false where it is too early.
    pub(super) fn pays(&mut self, now: Instant) -> bool {
        self.saved = self.saved.saturating_add(now.saturating_duration_since(self.since)).min(SAVED);
        self.since = now;
        match self.saved.checked_sub(COST) {
            Some(rest) => {
                self.saved = rest;
                true
            }
            None => false,
        }
    }

    /// When the next picture can be paid.
    pub(super) fn next(&self) -> Instant {
        self.since + COST.saturating_sub(self.saved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_at_once_then_ten_a_second() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        let drawn = (0..2000).filter(|ms| pace.pays(start + Duration::from_millis(*ms))).count();
        assert_eq!(drawn, 4 + 19);
        let later = start + Duration::from_millis(1999);
        assert!(!pace.pays(later) && pace.next() > later && pace.pays(pace.next()));
        assert!(pace.pays(later + Duration::from_secs(9)));
    }
}
