//! The footer: what can be done here, the most needed first, whole hints only.

use crate::action::{Context, Entry, within};
use crate::app::Model;
use crate::output::{Span, Style};
use crate::widget::canvas::Canvas;
use crate::widget::fit;
use ratatui::layout::Rect;

/// Hints at the most, however wide the terminal.
const MOST: usize = 7;

pub(super) fn draw(model: &Model, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let screen = model.look();
    let mut spans = vec![Span::exact(Style::Plain, " ")];
    for entry in hints(screen.context(), usize::from(area.width)) {
        let off = screen.unavailable(entry.action, &model.desk).is_some()
            || (entry.writes && model.desk.why_read_only().is_some());
        let style = if off { Style::Dim } else { Style::Strong };
        spans.push(Span::exact(style, &keys(entry)));
        spans.push(Span::exact(Style::Dim, &format!(" {}  ", entry.hint.0)));
    }
    canvas.line(area, &spans);
}

/// The hints that fit, in the order of their weight.
pub(super) fn hints(context: Context, width: usize) -> Vec<&'static Entry> {
    let mut hints: Vec<&'static Entry> = within(context).into_iter().filter(|entry| entry.hint.1 > 0).collect();
    hints.sort_by_key(|entry| std::cmp::Reverse(entry.hint.1));
    let mut left = width.saturating_sub(1);
    hints.truncate(MOST);
    hints.retain(|entry| {
        let needed = fit::width(&keys(entry)) + fit::width(entry.hint.0) + 3;
        let fits = needed <= left;
        left = if fits { left - needed } else { left };
        fits
    });
    hints
}

pub(super) fn keys(entry: &Entry) -> String {
    entry.keys.iter().take(2).map(ToString::to_string).filter(|key| key.len() < 6).collect::<Vec<_>>().join("/")
}
