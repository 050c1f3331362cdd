//! Tickets on the screen: the list, a thread, what is being written.

use super::compose::{Compose, Writing};
use super::state::{Pane as Focus, State};
use super::thread::Thread;
use crate::app::desk::Desk;
use crate::command::{ticket, ticket_page};
use crate::output::{Page, Span, Style};
use crate::widget::canvas::Canvas;
use crate::widget::grid::Grid;
use crate::widget::pane::{Pane, mark_rest};
use crate::widget::{page, writing};
use ratatui::layout::{Constraint, Layout, Rect};

/// From this width on the list stays beside the thread.
const WIDE: u16 = 120;
/// The list beside a thread: numbers, subjects, and what is due or how long ago something came.
const BESIDE: u16 = 36;
/// From this width on it has all of its columns there, too.
const VERY_WIDE: u16 = 200;

pub fn draw(state: &State, desk: &Desk, canvas: &mut Canvas<'_, '_>, area: Rect) {
    match &state.thread {
        Some(thread) if state.pane != Focus::List => {
            let [left, right] = match area.width {
                ..WIDE => [Rect { width: 0, ..area }, area],
                WIDE..VERY_WIDE => Layout::horizontal([Constraint::Length(BESIDE), Constraint::Fill(1)]).areas(area),
                _ => Layout::horizontal([Constraint::Fill(2), Constraint::Fill(3)]).areas(area),
            };
            if left.width > 0 {
                list(state, desk, left, canvas);
            }
            one(state, thread, desk, right, canvas);
        }
        _ => list(state, desk, area, canvas),
    }
}

fn list(state: &State, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let (title, right) = (state.choice.title(), state.choice.extent(&state.list));
    let focused = state.pane == Focus::List;
    // Beside a thread there is no room for both above it.
    let pane = match area.width {
        ..=BESIDE => Pane { title: &title, below: &right, focused, ..Pane::default() },
        _ => Pane { title: &title, right: &right, focused, ..Pane::default() },
    };
    let inner = pane.draw(area, canvas);
    if state.list.rows.is_empty() {
        let said = empty(state, desk);
        page::draw(&said, inner, &Default::default(), canvas);
        canvas.cursor(inner.x, inner.y);
        return;
    }
    let table = match area.width {
        ..=BESIDE => ticket::narrow_table(state.list.rows.iter(), &desk.clock),
        _ => ticket::table(state.list.rows.iter(), &|at| desk.glance(at)),
    };
    Grid { focused, ..Grid::default() }.draw(&table, &state.list.cursor, inner, canvas);
}

/// Why there is nothing, and what changes that.
fn empty(state: &State, desk: &Desk) -> Page {
    let mut page = Page::default();
    let words = match (&state.list.problem, state.list.loaded) {
        (Some(problem), _) if desk.is_up() => problem.line(),
        (_, false) => "asking for tickets".into(),
        (_, true) if state.list.below.or(state.list.above).is_some() => "looking through older tickets".into(),
        (_, true) if !state.choice.words.is_empty() => {
            format!("No ticket matches '{}'; Esc clears it.", state.choice.words)
        }
        (_, true) if state.choice.sort == super::Sort::Due => {
            "No ticket has a due time here; S sorts otherwise.".into()
        }
        (_, true) => match state.choice.status() {
            Some(status) => format!("No ticket is {status}; Esc shows all, s the next status."),
            None => "No tickets yet: they appear when mail comes in. 2 shows what comes in.".into(),
        },
    };
    let failed = state.list.problem.is_some() && desk.is_up();
    page.line([Span::new(if failed { Style::Bad } else { Style::Dim }, words)]);
    page
}

fn one(state: &State, thread: &Thread, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let compose = state.compose.as_ref().filter(|compose| compose.ticket == thread.number);
    let height = match (&compose, state.pane) {
        (None, _) => 0,
        (Some(_), Focus::Compose) => (area.height / 2).max(6),
        (Some(_), _) => 4,
    };
    let [top, bottom] = Layout::vertical([Constraint::Fill(1), Constraint::Length(height)]).areas(area);
    let title = format!("Tickets › #{}", thread.number);
    let inner = Pane { title: &title, focused: state.pane == Focus::Thread, ..Pane::default() }.draw(top, canvas);
    match thread_page(thread, usize::from(inner.width), desk) {
        Some(text) => {
            page::draw(&text, inner, &thread.scroll, canvas);
            mark_rest(thread.scroll.below(), top, canvas);
        }
        None => match &thread.ticket.problem {
            Some(problem) => page::say(Style::Bad, &problem.line(), inner, canvas),
            None => page::say(Style::Dim, &format!("asking for #{}", thread.number), inner, canvas),
        },
    }
    if state.pane == Focus::Thread {
        canvas.cursor(inner.x, inner.y);
    }
    if let Some(compose) = compose {
        write(compose, state.pane == Focus::Compose, desk, bottom, canvas);
    }
}

/// The ticket as `maildesk ticket show` lays it out.
pub fn thread_page(thread: &Thread, width: usize, desk: &Desk) -> Option<Page> {
    let (view, entries) = thread.ticket.value.as_ref()?;
    let unfold = "c shows them";
    Some(ticket_page::page(view, entries, thread.quotes, Some(width), &desk.zoned(), unfold))
}

fn write(compose: &Compose, focused: bool, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let what = match compose.writing {
        Writing::Reply => "Answer",
        Writing::Note => "Internal note",
    };
    let kept = compose.kept.map(|at| format!(" (draft kept {})", desk.exact(at))).unwrap_or_default();
    let title = format!("{what}{kept}");
    let right = match (compose.under_way, &compose.problem) {
        (true, _) => "sending".to_owned(),
        (false, Some(problem)) => problem.clone(),
        (false, None) => String::new(),
    };
    let below = match (focused, compose.writing) {
        (true, Writing::Reply) => "^S review  ^G $EDITOR  F9 attach  Esc keeps the draft",
        (true, Writing::Note) => "^S review  ^G $EDITOR  Esc keeps the draft",
        (false, _) => "Tab goes on writing",
    };
    let inner = Pane { title: &title, right: &right, below, focused }.draw(area, canvas);
    let files = compose.files_page();
    let rows = page::rows(&files, usize::from(inner.width)).min(usize::from(inner.height / 2));
    let rows = u16::try_from(rows).unwrap_or_default();
    let [text, below] = Layout::vertical([Constraint::Fill(1), Constraint::Length(rows)]).areas(inner);
    page::draw(&files, below, &Default::default(), canvas);
    writing::draw(&compose.text, text, focused, canvas);
}
