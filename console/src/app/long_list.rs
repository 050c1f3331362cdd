//! A window on a list that may have a million rows: a few hundred around the cursor, more when it comes near either
//! end, and both ends in one step. Sorting and searching is done by the daemon.

use super::cursor::{Cursor, Move};
use super::kept::Asking;
use super::request::Problem;
use jiff::Timestamp;
use maildesk_core::rpc::{MAX_ROWS, Rows, Window};

/// Rows that are asked for at once.
const WINDOW: u32 = 200;
/// Rows that are held: as many as one question for all of them brings.
const MOST: usize = MAX_ROWS as usize;
/// More rows are asked for when so few are left before an end.
const NEAR: usize = 20;

/// How the keys of the rows go down the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keys {
    #[default]
    Falling,
    Rising,
    /// They tell nothing of the order: such a list is read from its top only.
    Unordered,
}

/// A part of the list to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub window: Window,
    /// From the other end.
    pub reversed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Asked {
    /// What is held, once more.
    #[default]
    Anew,
    Top,
    End,
    Above,
    Below,
}

#[derive(Debug, Clone)]
pub struct LongList<T> {
    pub rows: Vec<T>,
    pub cursor: Cursor,
    pub asking: Asking,
    pub loaded: bool,
    pub problem: Option<Problem>,
    /// More rows are behind this key, or may be.
    pub below: Option<u64>,
    /// More rows are before this key, or may be.
    pub above: Option<u64>,
    pub keys: Keys,
    key: fn(&T) -> u64,
    wanted: Asked,
    asked: Asked,
}

impl<T> LongList<T> {
    pub fn new(keys: Keys, key: fn(&T) -> u64) -> Self {
        let (rows, cursor, asking) = (Vec::new(), Cursor::default(), Asking::default());
        let (loaded, problem, below, above, wanted, asked) = (false, None, None, None, Asked::Top, Asked::Top);
        Self { rows, cursor, asking, loaded, problem, below, above, keys, key, wanted, asked }
    }

    /// Forgets everything: another list is wanted.
    pub fn restart(&mut self, keys: Keys) {
        *self = Self::new(keys, self.key);
        self.asking.now();
    }

    pub fn selected(&self) -> Option<&T> {
        self.rows.get(self.cursor.at)
    }

    pub fn go(&mut self, way: Move) {
        match way {
            Move::First if self.above.is_some() => self.jump(Asked::Top),
            Move::Last if self.below.is_some() && self.keys != Keys::Unordered => self.jump(Asked::End),
            _ => self.cursor.go(way, self.rows.len()),
        }
    }

    fn jump(&mut self, to: Asked) {
        self.wanted = to;
        self.asking.now();
    }

    /// The part to ask for now, if any.
    pub fn wanted(&mut self, now: Timestamp) -> Option<Part> {
        if self.asking.is_due(now) {
            self.asked = std::mem::replace(&mut self.wanted, Asked::Anew);
            let held = u32::try_from(self.rows.len()).unwrap_or(MAX_ROWS).clamp(WINDOW, MAX_ROWS);
            let before_first = self.rows.first().map(self.key).filter(|_| self.above.is_some());
            return Some(match self.asked {
                Asked::End => part(None, WINDOW, true),
                Asked::Anew => part(before_first.map(|first| self.one_before(first)), held, false),
                _ => part(None, WINDOW, false),
            });
        }
        let free = self.asking.waiting_since().is_none() && self.problem.is_none();
        let near_end = self.cursor.at.saturating_add(NEAR) >= self.rows.len();
        let near_top = self.cursor.at < NEAR;
        let (asked, after) = match (self.below.filter(|_| near_end), self.above.filter(|_| near_top)) {
            _ if !free => return None,
            (Some(below), _) => (Asked::Below, below),
            (None, Some(above)) => (Asked::Above, above),
            (None, None) => return None,
        };
        self.asking.now();
        let due = self.asking.is_due(now);
        self.asked = asked;
        due.then(|| part(Some(after), WINDOW, asked == Asked::Above))
    }

    /// The key that a row before this one could have, so that a window behind it begins with this one.
    fn one_before(&self, key: u64) -> u64 {
        match self.keys {
            Keys::Falling => key.saturating_add(1),
            Keys::Rising | Keys::Unordered => key.saturating_sub(1),
        }
    }

    /// Takes rows in. The cursor stays on the row that it is on.
    pub fn came(&mut self, result: Result<Rows<T>, Problem>) {
        self.asking.came();
        let Rows { mut rows, next } = match result {
            Ok(came) => came,
            Err(problem) => {
                self.problem = Some(problem);
                return;
            }
        };
        (self.problem, self.loaded) = (None, true);
        match self.asked {
            Asked::Top => {
                (self.rows, self.below, self.above) = (rows, next, None);
                self.cursor.go(Move::First, 0);
            }
            Asked::End => {
                rows.reverse();
                (self.rows, self.below, self.above) = (rows, None, next);
                self.cursor.go(Move::Last, self.rows.len());
            }
            Asked::Above => {
                rows.reverse();
                self.cursor.shift_down(rows.len());
                rows.append(&mut self.rows);
                (self.rows, self.above) = (rows, next);
                if self.rows.len() > MOST {
                    self.rows.truncate(MOST.max(self.cursor.at + 1));
                    self.below = self.rows.last().map(self.key);
                }
            }
            Asked::Below => {
                self.rows.append(&mut rows);
                self.below = next;
                let over = self.rows.len().saturating_sub(MOST).min(self.cursor.at);
                if over > 0 {
                    self.rows.drain(..over);
                    self.cursor.shift_up(over);
                    self.above = self.rows.first().map(self.key);
                }
            }
            Asked::Anew => self.renew(rows, next),
        }
        self.cursor.keep_within(self.rows.len());
    }

    /// What is held beyond the rows that came stays: they are only the first of a search that goes far.
    fn renew(&mut self, rows: Vec<T>, next: Option<u64>) {
        // At the very top a person watches what comes in; elsewhere they read on where they were.
        let watching = self.cursor.at == 0 && self.above.is_none();
        let read = self.selected().map(self.key).filter(|_| !watching);
        let (key, keys) = (self.key, self.keys);
        let is_beyond = |row: &T| match (next, keys) {
            (Some(next), Keys::Falling) => key(row) < next,
            (Some(next), Keys::Rising) => key(row) > next,
            (None, _) | (_, Keys::Unordered) => false,
        };
        let held = std::mem::replace(&mut self.rows, rows);
        let beyond: Vec<T> = held.into_iter().filter(is_beyond).collect();
        if beyond.is_empty() {
            self.below = next;
        }
        self.rows.extend(beyond);
        if let Some(at) = read.and_then(|read| self.rows.iter().position(|row| key(row) == read)) {
            self.cursor.at = at;
        }
    }
}

fn part(after: Option<u64>, limit: u32, reversed: bool) -> Part {
    Part { window: Window { after, limit }, reversed }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::UNIX_EPOCH;

    /// The daemon's side: rows 1000 to 1, the highest first.
    fn answer(part: Part) -> Result<Rows<u64>, Problem> {
        let Window { after, limit } = part.window;
        let behind = |row: &u64| after.is_none_or(|after| if part.reversed { *row > after } else { *row < after });
        let all: Vec<u64> = if part.reversed { (1..=1000).collect() } else { (1..=1000).rev().collect() };
        let mut rows: Vec<u64> = all.into_iter().filter(behind).take(limit as usize + 1).collect();
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().copied().filter(|_| more);
        Ok(Rows { rows, next })
    }

    /// Asks until nothing is wanted.
    fn settle(list: &mut LongList<u64>) -> usize {
        let mut asked = 0;
        while let Some(part) = list.wanted(NOON) {
            list.came(answer(part));
            asked += 1;
        }
        asked
    }

    fn begun() -> LongList<u64> {
        let mut list = LongList::new(Keys::Falling, |row| *row);
        list.asking.now();
        settle(&mut list);
        list
    }

    #[test]
    fn it_can_be_walked_from_end_to_end_and_back_and_holds_few_rows() {
        let mut list = begun();
        let mut seen = Vec::new();
        for _ in 0..1000 {
            seen.extend(list.selected().copied());
            list.go(Move::Down);
            settle(&mut list);
            assert!(list.rows.len() <= MOST, "{}", list.rows.len());
        }
        assert_eq!(seen, (1..=1000).rev().collect::<Vec<u64>>());
        for _ in 0..1000 {
            list.go(Move::Up);
            settle(&mut list);
        }
        assert_eq!((list.selected(), list.above), (Some(&1000), None));
    }

    #[test]
    fn both_ends_are_one_step_away() {
        let mut list = begun();
        list.go(Move::Last);
        assert_eq!(settle(&mut list), 1);
        assert_eq!((list.selected(), list.rows.len(), list.below), (Some(&1), 200, None));
        (0..190).for_each(|_| list.go(Move::Up));
        assert_eq!(settle(&mut list), 1, "more above");
        assert_eq!((list.selected(), list.rows.first()), (Some(&191), Some(&400)));
        list.go(Move::First);
        settle(&mut list);
        assert_eq!((list.selected(), list.above), (Some(&1000), None));
    }

    #[test]
    fn what_is_held_is_asked_for_anew_in_its_place() {
        let mut list = begun();
        list.go(Move::Last);
        settle(&mut list);
        list.go(Move::PageUp);
        let read = list.selected().copied();
        list.asking.now();
        assert_eq!(list.wanted(NOON).unwrap(), part(Some(201), 200, false));
        list.came(answer(part(Some(201), 200, false)));
        assert_eq!((list.selected().copied(), list.rows.len()), (read, 200));
    }

    #[test]
    fn a_search_goes_on_through_empty_parts_and_keeps_what_it_found() {
        let mut list: LongList<u64> = LongList::new(Keys::Falling, |row| *row);
        list.asking.now();
        for (after, rows, next) in
            [(None, vec![990], Some(900)), (Some(900), vec![], Some(800)), (Some(800), vec![710], None)]
        {
            assert_eq!(list.wanted(NOON).unwrap().window.after, after);
            list.came(Ok(Rows { rows, next }));
        }
        assert_eq!((list.wanted(NOON), list.rows.as_slice()), (None, &[990, 710][..]));
        list.asking.now();
        assert!(list.wanted(NOON).is_some());
        list.came(Ok(Rows { rows: vec![995, 990], next: Some(905) }));
        assert_eq!((list.rows.as_slice(), list.below), (&[995, 990, 710][..], None));
    }
}
