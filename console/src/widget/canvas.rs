//! What views draw on: the frame, the look, and where the hardware cursor is to stand.

use super::fit;
use crate::output::{Span, Style};
use crate::theme::Look;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style as Cells;

pub struct Canvas<'a, 'b> {
    pub frame: &'a mut Frame<'b>,
    pub look: Look,
}

impl Canvas<'_, '_> {
    /// Writes one line, cut to the room; returns the columns it took.
    pub fn line(&mut self, area: Rect, spans: &[Span]) -> u16 {
        self.line_on(area, spans, Cells::new())
    }

    /// As [`Self::line`], with cells patched onto every piece.
    pub fn line_on(&mut self, area: Rect, spans: &[Span], on: Cells) -> u16 {
        if area.height == 0 {
            return 0;
        }
        let mut left = usize::from(area.width);
        let mut x = area.x;
        for span in spans {
            let text = fit::cut(span.text(), left);
            let width = fit::width(&text);
            let cells = self.look.of(span.style()).patch(on);
            self.frame.buffer_mut().set_stringn(x, area.y, &text, left, cells);
            left = left.saturating_sub(width);
            x = x.saturating_add(u16::try_from(width).unwrap_or(u16::MAX));
        }
        x.saturating_sub(area.x)
    }

    /// One piece of text on one line.
    pub fn text(&mut self, area: Rect, style: Style, text: &str) -> u16 {
        self.line(area, &[Span::new(style, text)])
    }

    /// Puts the hardware cursor on what has the focus: screen readers follow it.
    pub fn cursor(&mut self, x: u16, y: u16) {
        let area = self.frame.area();
        if x < area.right() && y < area.bottom() {
            self.frame.set_cursor_position(Position::new(x, y));
        }
    }
}

/// Line `index` of an area, empty below its end.
pub fn row(area: Rect, index: usize) -> Rect {
    let index = u16::try_from(index).unwrap_or(u16::MAX);
    if index >= area.height {
        return Rect { height: 0, ..area };
    }
    Rect { y: area.y + index, height: 1, ..area }
}

/// The area from column `from` on.
pub fn right_of(area: Rect, from: u16) -> Rect {
    let from = from.min(area.width);
    Rect { x: area.x + from, width: area.width - from, ..area }
}
