//! Where a person is in a list or a text, and what part of it is on the screen.

use std::cell::Cell;

/// The selected row of a list. What is visible is known only when it is drawn, so the drawing writes it down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cursor {
    pub at: usize,
    top: Cell<usize>,
    height: Cell<usize>,
}

/// Ways to move that all lists and texts know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
}

/// Rows of a page before anything was drawn.
const UNDRAWN: usize = 10;

impl Cursor {
    /// Moves within a list of so many rows.
    pub fn go(&mut self, way: Move, rows: usize) {
        let last = rows.saturating_sub(1);
        let page = match self.height.get() {
            0 => UNDRAWN,
            height => height.saturating_sub(1).max(1),
        };
        self.at = match way {
            Move::Up => self.at.saturating_sub(1),
            Move::Down => self.at.saturating_add(1),
            Move::PageUp => self.at.saturating_sub(page),
            Move::PageDown => self.at.saturating_add(page),
            Move::First => 0,
            Move::Last => last,
        }
        .min(last);
    }

    /// Follows its row when so many came before it.
    pub fn shift_down(&mut self, by: usize) {
        self.at = self.at.saturating_add(by);
        self.top.set(self.top.get().saturating_add(by));
    }

    /// Follows its row when so many went before it.
    pub fn shift_up(&mut self, by: usize) {
        self.at = self.at.saturating_sub(by);
        self.top.set(self.top.get().saturating_sub(by));
    }

    /// Stays on a row that exists.
    pub fn keep_within(&mut self, rows: usize) {
        self.at = self.at.min(rows.saturating_sub(1));
    }

    /// The first visible row, so that the selected one is among `height` visible ones.
    pub fn window(&self, rows: usize, height: usize) -> usize {
        self.height.set(height);
        let most = rows.saturating_sub(height);
        let lowest = self.at.saturating_add(1).saturating_sub(height);
        let top = self.top.get().clamp(lowest, self.at.max(lowest)).min(most);
        self.top.set(top);
        top
    }
}

/// How far a text is scrolled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scroll {
    top: Cell<usize>,
    lines: Cell<usize>,
    height: Cell<usize>,
}

impl Scroll {
    pub fn go(&mut self, way: Move) {
        let page = self.height.get().saturating_sub(1).max(1);
        let most = self.lines.get().saturating_sub(self.height.get());
        let top = self.top.get();
        let to = match way {
            Move::Up => top.saturating_sub(1),
            Move::Down => top.saturating_add(1),
            Move::PageUp => top.saturating_sub(page),
            Move::PageDown => top.saturating_add(page),
            Move::First => 0,
            Move::Last => most,
        };
        self.top.set(to.min(most));
    }

    /// To the first line, for another text.
    pub fn reset(&mut self) {
        self.top.set(0);
    }

    /// To the last line, once it is drawn.
    pub fn to_end(&mut self) {
        self.top.set(usize::MAX);
    }

    /// The first visible line of so many in so many rows.
    pub fn window(&self, lines: usize, height: usize) -> usize {
        self.lines.set(lines);
        self.height.set(height);
        let top = self.top.get().min(lines.saturating_sub(height));
        self.top.set(top);
        top
    }

    /// Lines below what is visible.
    pub fn below(&self) -> usize {
        self.lines.get().saturating_sub(self.top.get().saturating_add(self.height.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_follows_the_cursor_and_no_further() {
        let mut cursor = Cursor::default();
        let mut tops = Vec::new();
        for way in [Move::Down, Move::Down, Move::Down, Move::Up, Move::Up, Move::Up, Move::Last, Move::PageUp] {
            cursor.go(way, 10);
            tops.push((cursor.at, cursor.window(10, 3)));
        }
        assert_eq!(tops, [(1, 0), (2, 0), (3, 1), (2, 1), (1, 1), (0, 0), (9, 7), (7, 7)]);
        cursor.keep_within(2);
        assert_eq!((cursor.at, cursor.window(2, 3)), (1, 0));
        cursor.go(Move::Down, 0);
        assert_eq!((cursor.at, cursor.window(0, 0)), (0, 0));
    }

    #[test]
    fn a_text_scrolls_to_its_end_and_no_further() {
        let mut scroll = Scroll::default();
        assert_eq!(scroll.window(10, 4), 0);
        scroll.go(Move::PageDown);
        assert_eq!((scroll.window(10, 4), scroll.below()), (3, 3));
        scroll.go(Move::Last);
        assert_eq!((scroll.window(10, 4), scroll.below()), (6, 0));
        scroll.go(Move::Down);
        assert_eq!(scroll.window(5, 4), 1);
    }
}
