//! Where a person is in a list that grows at its end: it is followed until somebody reads, and what comes meanwhile is
//! counted.

use super::cursor::{Cursor, Move};

#[derive(Debug, Default)]
pub struct Following {
    pub cursor: Cursor,
    pub paused: bool,
    /// Lines that came since it was paused.
    pub new: usize,
}

impl Following {
    /// Moves within so many lines. Whoever moves up reads; whoever goes to the end wants what is new.
    pub fn go(&mut self, way: Move, rows: usize) {
        self.cursor.go(way, rows);
        match way {
            Move::Up | Move::PageUp | Move::First => self.paused = true,
            Move::Last => self.follow(rows),
            Move::Down | Move::PageDown => {}
        }
    }

    pub fn follow(&mut self, rows: usize) {
        (self.paused, self.new) = (false, 0);
        self.cursor.go(Move::Last, rows);
    }

    /// Pauses, or goes on.
    pub fn pause_or_follow(&mut self, rows: usize) {
        match self.paused {
            true => self.follow(rows),
            false => self.paused = true,
        }
    }

    /// Leads to a line, and stays there.
    pub fn stay_at(&mut self, at: usize) {
        (self.cursor.at, self.paused) = (at, true);
    }

    /// Leads to the next of the lines that are problems, or to the one before.
    pub fn go_to_problem(&mut self, forward: bool, rows: usize, is_problem: impl Fn(usize) -> bool) {
        let at = self.cursor.at;
        let found = match forward {
            true => (at + 1..rows).find(|row| is_problem(*row)),
            false => (0..at).rev().find(|row| is_problem(*row)),
        };
        if let Some(found) = found {
            self.stay_at(found);
        }
    }

    /// So many lines are shown now.
    pub fn refiltered(&mut self, rows: usize) {
        match self.paused {
            true => self.cursor.keep_within(rows),
            false => self.cursor.go(Move::Last, rows),
        }
    }

    /// Lines came at the end, and others went at the top; whoever reads stays on their line.
    pub fn grown(&mut self, came: usize, gone: usize, rows: usize) {
        if self.paused {
            self.new += came;
            self.cursor.shift_up(gone);
        } else {
            self.cursor.go(Move::Last, rows);
        }
    }
}
