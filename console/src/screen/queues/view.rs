//! Queues on the screen: tabs, the list, and the record of the selected mail.

use super::state::{Queue, State};
use crate::app::desk::Desk;
use crate::command::{mail, mail_trace, outbox_page};
use crate::output::{Page, Span, Style, Table};
use crate::widget::canvas::Canvas;
use crate::widget::grid::Grid;
use crate::widget::page;
use crate::widget::pane::{Pane, mark_rest};
use ratatui::layout::{Constraint, Layout, Rect};

pub fn draw(state: &State, desk: &Desk, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let [top, below] = Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).areas(area);
    list(state, desk, top, canvas);
    let inner = Pane { title: "Record", below: "o pager  y copy", focused: state.reading, ..Pane::default() }
        .draw(below, canvas);
    if let Some(text) = detail(state, desk) {
        page::draw(&text, inner, &state.scroll, canvas);
        mark_rest(state.scroll.below(), below, canvas);
    }
    if state.reading {
        canvas.cursor(inner.x, inner.y);
    }
}

fn list(state: &State, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let title = format!("Queues: {}", tabs(state, desk));
    let marked = match state.marked.len() {
        0 => String::new(),
        count => format!("{count} marked"),
    };
    let pane = Pane { title: &title, right: &marked, below: "[ ] other queues", focused: !state.reading };
    let inner = pane.draw(area, canvas);
    let table = table(state, desk);
    if table.is_empty() {
        let (style, said) = empty(state, desk);
        page::say(style, said.as_str(), inner, canvas);
        canvas.cursor(inner.x, inner.y);
        return;
    }
    let is_marked = |index: usize| {
        let id = state.outbox.rows.get(index).map(|row| row.id);
        state.queue != Queue::Quarantine && id.is_some_and(|id| state.marked.contains(&id))
    };
    let cursor = match state.queue {
        Queue::Quarantine => &state.quarantine.cursor,
        _ => &state.outbox.cursor,
    };
    Grid { focused: !state.reading, marked: Some(&is_marked), ..Grid::default() }.draw(&table, cursor, inner, canvas);
}

fn tabs(state: &State, desk: &Desk) -> String {
    let counts = desk.status.value.as_ref().map(|status| status.counts);
    let count = |queue| {
        let counts = counts?;
        Some(match queue {
            Queue::Waiting => counts.outbox_due,
            Queue::Held => counts.outbox_held,
            Queue::Failed => counts.outbox_failed,
            Queue::Sent => counts.outbox_sent,
            Queue::Quarantine => counts.quarantined,
        })
    };
    let tab = |queue: Queue| {
        let count = count(queue).map(|count| format!(" {count}")).unwrap_or_default();
        match queue == state.queue {
            true => format!("[{}{count}]", queue.name()),
            false => format!("{}{count}", queue.name()),
        }
    };
    Queue::ALL.map(tab).join(" ")
}

fn table(state: &State, desk: &Desk) -> Table {
    let clock = desk.zoned();
    match state.queue {
        Queue::Quarantine => mail::table(&state.quarantine.rows, &|at| desk.glance(at)),
        _ => outbox_page::table(&state.outbox.rows, &clock),
    }
}

/// Why there is nothing, and what changes that.
fn empty(state: &State, desk: &Desk) -> (Style, String) {
    let (loaded, problem) = match state.queue {
        Queue::Quarantine => (state.quarantine.loaded, &state.quarantine.problem),
        _ => (state.outbox.loaded, &state.outbox.problem),
    };
    if let Some(problem) = problem.as_ref().filter(|_| desk.is_up()) {
        return (Style::Bad, problem.line());
    }
    let said = match (loaded, state.queue) {
        (false, _) => "asking for it",
        (_, Queue::Waiting) => "Nothing waits to be sent. ] goes to what is held, failed or was sent.",
        (_, Queue::Held) => "No mail is held.",
        (_, Queue::Failed) => "No mail failed for good.",
        (_, Queue::Sent) => "Nothing was sent yet.",
        (_, Queue::Quarantine) => "The quarantine is empty: every mail could be judged.",
    };
    (Style::Dim, said.to_owned())
}

/// The record of the selected mail.
pub fn detail(state: &State, desk: &Desk) -> Option<Page> {
    let clock = desk.zoned();
    if state.queue == Queue::Quarantine {
        let judged = state.mail.value.as_ref()?;
        (state.quarantine.selected()?.id == judged.id).then_some(())?;
        let mut page = Page::default();
        page.line([Span::strong(format!("mail {} from {}: {}", judged.id, judged.from, judged.subject))]);
        mail_trace::add_stages(&mut page, judged, &clock);
        return Some(page);
    }
    let view = state.entry.value.as_ref()?;
    (state.outbox.selected()?.id == view.row.id).then(|| outbox_page::page(view, &clock))
}
