//! What happened to a ticket as far as its clocks are concerned.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What moves clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The ticket was opened.
    Opened,
    /// The customer wrote; no vacation notice or the like.
    Spoke,
    /// An agent answered the customer.
    Replied,
    /// The ticket waits for the customer.
    Pending,
    /// The desk has to do something.
    Working,
    /// Resolved or closed.
    Done,
}

/// When it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    pub at: Timestamp,
    pub what: What,
}

/// The moments of a ticket, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct History(Vec<Moment>);

impl History {
    /// Adds a moment. One that changes nothing is left out; one that seems to be older than the last, since the
    /// clock was set back in between, counts as of the same time. Returns whether it was added.
    pub fn add(&mut self, at: Timestamp, what: What) -> bool {
        let last = self.0.iter().rev();
        let is_comment = |what: What| matches!(what, What::Spoke | What::Replied);
        let repeated = match what {
            What::Opened => !self.0.is_empty(),
            // After a reply or the end of the work, the next word of the customer begins something new.
            What::Spoke | What::Replied => {
                let mut before = last.clone().map(|moment| moment.what);
                before.find(|earlier| is_comment(*earlier) || *earlier == What::Done) == Some(what)
            }
            What::Pending | What::Working | What::Done => {
                let status = last.clone().map(|moment| moment.what).find(|earlier| !is_comment(*earlier));
                status == Some(what) || (what == What::Working && status == Some(What::Opened))
            }
        };
        if !repeated {
            let at = last.clone().next().map_or(at, |newest| newest.at.max(at));
            self.0.push(Moment { at, what });
        }
        !repeated
    }

    /// Whether the customer had the last word.
    pub fn customer_waits(&self) -> bool {
        let mut last = self.0.iter().rev().map(|moment| moment.what);
        last.find(|what| matches!(what, What::Opened | What::Spoke | What::Replied)) != Some(What::Replied)
    }

    pub fn moments(&self) -> &[Moment] {
        &self.0
    }
}

impl FromIterator<Moment> for History {
    fn from_iter<T: IntoIterator<Item = Moment>>(moments: T) -> Self {
        let mut history = Self::default();
        for moment in moments {
            history.add(moment.at, moment.what);
        }
        history
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_something_is_kept_and_time_never_runs_back() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut history = History::default();
        let steps = [
            (1, What::Opened, true),
            (1, What::Working, false),
            (2, What::Spoke, true),
            (3, What::Spoke, false),
            (4, What::Replied, true),
            (4, What::Replied, false),
            (5, What::Pending, true),
            (6, What::Pending, false),
            (3, What::Working, true),
            (7, What::Spoke, true),
            (8, What::Done, true),
            (9, What::Done, false),
            (10, What::Working, true),
            (10, What::Spoke, true),
            (11, What::Opened, false),
        ];
        for (second, what, kept) in steps {
            assert_eq!(history.add(at(second), what), kept, "{second} {what:?}");
        }
        let times: Vec<i64> = history.moments().iter().map(|moment| moment.at.as_second()).collect();
        assert_eq!(times, [1, 2, 4, 5, 5, 7, 8, 10, 10]);
    }
}
