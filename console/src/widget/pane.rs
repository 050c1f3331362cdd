//! A box with a title, something on its right, and hints below.

use super::canvas::Canvas;
use super::fit;
use crate::output::{Span, Style};
use ratatui::layout::Rect;
use ratatui::widgets::{Block, BorderType};

/// What stands in the border.
#[derive(Debug, Clone, Default)]
pub struct Pane<'a> {
    pub title: &'a str,
    pub right: &'a str,
    pub below: &'a str,
    pub focused: bool,
}

impl Pane<'_> {
    /// Draws the border; the inside comes back. Too low for a border: a line with the title at most.
    pub fn draw(&self, area: Rect, canvas: &mut Canvas<'_, '_>) -> Rect {
        if area.height < 3 || area.width < 6 {
            return area;
        }
        let block = Block::bordered().border_type(BorderType::Plain);
        let block = block.border_style(canvas.look.of(if self.focused { Style::Plain } else { Style::Dim }));
        let inner = block.inner(area);
        canvas.frame.render_widget(block, area);
        let style = if self.focused { Style::Strong } else { Style::Plain };
        let room = usize::from(area.width.saturating_sub(4));
        let right = fit::cut(self.right, room);
        let beside = match fit::width(&right) {
            0 => 0,
            width => width + 2,
        };
        if !self.title.is_empty() {
            let title = fit::cut(self.title, room.saturating_sub(beside + 1));
            write(canvas, area.x + 2, area.y, style, &format!(" {title} "));
        }
        put_right(canvas, area, area.y, &right);
        put_right(canvas, area, area.bottom() - 1, &fit::cut(self.below, room));
        inner
    }
}

/// Says in the border of a pane how much of its text is below; nothing where all of it is there.
pub fn mark_rest(below: usize, area: Rect, canvas: &mut Canvas<'_, '_>) {
    if below > 0 && area.height >= 3 && area.width >= 6 {
        let lines = if below == 1 { "line" } else { "lines" };
        let text = fit::cut(&format!(" {below} {lines} below "), usize::from(area.width.saturating_sub(4)));
        write(canvas, area.x + 2, area.bottom() - 1, Style::Plain, &text);
    }
}

fn put_right(canvas: &mut Canvas<'_, '_>, area: Rect, y: u16, text: &str) {
    if text.is_empty() {
        return;
    }
    let text = format!(" {text} ");
    let width = u16::try_from(fit::width(&text)).unwrap_or(area.width);
    write(canvas, area.right().saturating_sub(width + 1).max(area.x + 1), y, Style::Plain, &text);
}

fn write(canvas: &mut Canvas<'_, '_>, x: u16, y: u16, style: Style, text: &str) {
    let room = canvas.frame.area().right().saturating_sub(x);
    canvas.line(Rect { x, y, width: room, height: 1 }, &[Span::exact(style, text)]);
}
