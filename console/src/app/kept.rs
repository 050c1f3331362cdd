//! What was last heard of something, how old it is, and whether it is to be asked for again.

use super::cursor::{Cursor, Move};
use super::request::Problem;
use jiff::{SignedDuration, Timestamp};
use maildesk_core::rpc::{MAX_ROWS, Rows, Window};

/// Between two questions for the same thing while events pour in.
const PAUSE: SignedDuration = SignedDuration::from_millis(900);

/// One question that is asked again when it became stale, never twice at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    stale: bool,
    under_way: Option<Timestamp>,
    asked: Option<Timestamp>,
}

impl Asking {
    /// It is no longer true.
    pub fn stale(&mut self) {
        self.stale = true;
    }

    /// It is wanted at once, however lately it was asked.
    pub fn now(&mut self) {
        self.stale = true;
        self.asked = None;
        self.under_way = None;
    }

    /// True where it is time to ask; it counts as asked then.
    pub fn is_due(&mut self, now: Timestamp) -> bool {
        let lately = self.asked.is_some_and(|asked| now.duration_since(asked) < PAUSE);
        let due = self.stale && self.under_way.is_none() && !lately;
        if due {
            *self = Self { stale: false, under_way: Some(now), asked: Some(now) };
        }
        due
    }

    /// The answer, or none, came.
    pub fn came(&mut self) {
        self.under_way = None;
    }

    /// Since when an answer is waited for.
    pub fn waiting_since(&self) -> Option<Timestamp> {
        self.under_way
    }
}

/// One thing that is asked for as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<T> {
    pub value: Option<T>,
    pub at: Option<Timestamp>,
    pub problem: Option<Problem>,
    pub asking: Asking,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { value: None, at: None, problem: None, asking: Asking::default() }
    }
}

impl<T> Kept<T> {
    /// Takes the answer in; after a fault the old value stays.
    pub fn came(&mut self, result: Result<T, Problem>, now: Timestamp) {
        self.asking.came();
        match result {
            Ok(value) => (self.value, self.at, self.problem) = (Some(value), Some(now), None),
            Err(problem) => self.problem = Some(problem),
        }
    }
}

/// A window on a list of the daemon: the first rows, more when the cursor comes near their end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    pub rows: Vec<T>,
    pub next: Option<u64>,
    pub cursor: Cursor,
    pub asking: Asking,
    pub loaded: bool,
    pub problem: Option<Problem>,
    more: bool,
}

/// Rows that are asked for at once.
const WINDOW: u32 = 200;
/// More rows are asked for when so few are left below the cursor.
const NEAR: usize = 20;

impl<T> Default for Listing<T> {
    fn default() -> Self {
        let (rows, cursor, asking) = (Vec::new(), Cursor::default(), Asking::default());
        Self { rows, next: None, cursor, asking, loaded: false, problem: None, more: false }
    }
}

impl<T> Listing<T> {
    /// Forgets everything: another list is wanted.
    pub fn restart(&mut self) {
        *self = Self::default();
        self.asking.now();
    }

    pub fn selected(&self) -> Option<&T> {
        self.rows.get(self.cursor.at)
    }

    pub fn go(&mut self, way: Move) {
        self.cursor.go(way, self.rows.len());
    }

    /// The part to ask for now, if any: anew from the top, or more at the end.
    pub fn wanted(&mut self, now: Timestamp) -> Option<Window> {
        if self.asking.is_due(now) {
            self.more = false;
            let held = u32::try_from(self.rows.len()).unwrap_or(MAX_ROWS);
            return Some(Window { after: None, limit: held.clamp(WINDOW, MAX_ROWS) });
        }
        let near = self.cursor.at.saturating_add(NEAR) >= self.rows.len();
        let free = self.asking.waiting_since().is_none();
        let after = self.next.filter(|_| near && free && self.problem.is_none())?;
        self.more = true;
        self.asking.stale();
        self.asking.asked = None;
        self.asking.is_due(now).then_some(Window { after: Some(after), limit: WINDOW })
    }

    /// Takes rows in. The cursor stays on the row of the same `key`.
    pub fn came(&mut self, result: Result<Rows<T>, Problem>, key: impl Fn(&T) -> u64) {
        self.asking.came();
        let Rows { rows, next } = match result {
            Ok(rows) => rows,
            Err(problem) => {
                self.problem = Some(problem);
                return;
            }
        };
        (self.problem, self.loaded, self.next) = (None, true, next);
        if self.more {
            self.rows.extend(rows);
            return;
        }
        // At the very top a person watches what comes in; elsewhere they read on where they were.
        let read = self.selected().map(&key).filter(|_| self.cursor.at > 0);
        self.rows = rows;
        if let Some(at) = read.and_then(|read| self.rows.iter().position(|row| key(row) == read)) {
            self.cursor.at = at;
        }
        self.cursor.keep_within(self.rows.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::UNIX_EPOCH;

    fn rows(numbers: std::ops::Range<u64>, next: Option<u64>) -> Result<Rows<u64>, Problem> {
        Ok(Rows { rows: numbers.collect(), next })
    }

    #[test]
    fn a_question_is_asked_once_at_a_time_and_not_too_often() {
        let mut asking = Asking::default();
        assert!(!asking.is_due(NOON));
        asking.stale();
        assert!(asking.is_due(NOON) && !asking.is_due(NOON));
        asking.stale();
        asking.came();
        assert!(!asking.is_due(NOON), "too soon");
        assert!(asking.is_due(NOON + SignedDuration::from_secs(1)));
        asking.now();
        assert!(asking.is_due(NOON + SignedDuration::from_secs(1)));
    }

    #[test]
    fn a_list_grows_near_its_end_and_keeps_its_place() {
        let mut list = Listing::default();
        list.asking.now();
        assert_eq!(list.wanted(NOON), Some(Window { after: None, limit: 200 }));
        list.came(rows(0..200, Some(199)), |row| *row);
        assert_eq!(list.wanted(NOON), None);
        list.go(Move::Last);
        assert_eq!(list.wanted(NOON), Some(Window { after: Some(199), limit: 200 }));
        assert_eq!(list.wanted(NOON), None, "it is under way");
        list.came(rows(200..250, None), |row| *row);
        assert_eq!((list.rows.len(), list.cursor.at), (250, 199));
        list.asking.now();
        assert_eq!(list.wanted(NOON), Some(Window { after: None, limit: 250 }));
        list.came(rows(100..250, None), |row| *row);
        assert_eq!(list.selected(), Some(&199));
    }

    #[test]
    fn a_fault_leaves_the_rows() {
        let mut list = Listing::default();
        list.came(rows(0..3, None), |row| *row);
        list.came(Err(Problem::offline()), |row| *row);
        assert_eq!((list.rows.len(), list.problem), (3, Some(Problem::offline())));
    }
}
