//! What is said when there is no connection, or no room.

use crate::app::desk::{Desk, Link};
use crate::app::request::ProblemKind;
use crate::output::{Page, Span, Style};
use crate::widget::canvas::{Canvas, row};
use crate::widget::page;
use crate::widget::pane::Pane;
use ratatui::layout::Rect;

/// One clear line, or what fits of it.
pub(super) fn too_small(area: Rect, canvas: &mut Canvas<'_, '_>) {
    let (columns, rows) = super::SMALLEST;
    let mut text = Page::default();
    text.line([Span::plain(format!("too small: {}x{}, maildesk needs {columns}x{rows}", area.width, area.height))]);
    for (index, line) in page::wrapped(&text, usize::from(area.width)).iter().enumerate() {
        canvas.line(row(area, index), line);
    }
}

/// A command stands on a line of its own, so that it can be copied as it stands.
fn to_copy(remedy: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in remedy.split("; ") {
        match part.split_once(": sudo ") {
            Some((words, _)) => {
                let (words, command) = part.split_at_checked(words.len() + 2).unwrap_or((part, ""));
                parts.extend([words.trim_end(), command]);
            }
            None => parts.push(part),
        }
    }
    parts
}

/// Why there is no connection and what helps, above the data that is still there; the rest of the room comes back.
pub(super) fn banner(desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) -> Rect {
    let Link::Down { since, attempt, next_try, problem } = &desk.link else { return area };
    let title = match problem.kind {
        ProblemKind::NoPermission => "No access to the daemon's socket",
        ProblemKind::OtherProtocol => "Console and daemon are of different versions",
        _ => "maildeskd cannot be reached",
    };
    let mut said = Page::default();
    said.line([Span::new(Style::Bad, &problem.said)]);
    for (index, part) in problem.remedy.iter().flat_map(|remedy| to_copy(remedy)).enumerate() {
        match index {
            0 => said.line([Span::dim("try:"), Span::plain(part)]),
            _ => said.indented(5, [Span::plain(part)]),
        }
    }
    let left = next_try.duration_since(desk.now()).as_secs().max(0);
    let trying = format!("Trying again in {left} s (try {attempt}); r tries now.");
    said.line([Span::plain(match desk.status.at {
        Some(_) => format!("{trying} What you see is from {}; changes are off.", desk.exact(*since)),
        None => trying,
    })]);
    let rows = page::rows(&said, usize::from(area.width.saturating_sub(2)));
    let height = u16::try_from(rows).unwrap_or(4).saturating_add(2).min(area.height / 2);
    let top = Rect { height, ..area };
    let inner = Pane { title, focused: true, ..Pane::default() }.draw(top, canvas);
    page::draw(&said, inner, &crate::app::cursor::Scroll::default(), canvas);
    Rect { y: area.y + height, height: area.height - height, ..area }
}
