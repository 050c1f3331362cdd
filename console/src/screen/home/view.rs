//! Home on the screen.

use super::{State, attention};
use crate::app::desk::Desk;
use crate::command::health;
use crate::command::status::{directory, tickets};
use crate::output::{Column, Page, Span, Style, Table, size};
use crate::screen::live;
use crate::widget::canvas::{Canvas, row};
use crate::widget::fit;
use crate::widget::grid::Grid;
use crate::widget::page;
use crate::widget::pane::Pane;
use maildesk_core::rpc::{StatusView, WorkState};
use ratatui::layout::{Constraint, Layout, Rect};

/// Rows of a pane that says something, its border included.
const LEAST: u16 = 4;

pub fn draw(state: &State, desk: &Desk, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let Some(status) = &desk.status.value else {
        let inner = Pane { title: "Home", focused: true, ..Pane::default() }.draw(area, canvas);
        let said = match &desk.status.problem {
            Some(problem) if desk.is_up() => problem.line(),
            _ if desk.is_up() => "asking maildeskd how everything fares".to_owned(),
            _ => "nothing is known yet".to_owned(),
        };
        let style = if desk.status.problem.is_some() { Style::Bad } else { Style::Dim };
        page::say(style, &said, inner, canvas);
        canvas.cursor(inner.x, inner.y);
        return;
    };
    let lines = attention(desk);
    let wanted = |rows: usize, most: u16| Constraint::Length(u16::try_from(rows).unwrap_or(most).clamp(1, most) + 3);
    let room = area.height / 3;
    let whole = whole(state, &lines, usize::from(area.width.saturating_sub(2)));
    let told = page::rows(&whole, usize::from(area.width.saturating_sub(2)));
    let [top, middle, below, bottom] = Layout::vertical([
        Constraint::Length(u16::try_from(lines.len() + told).unwrap_or(room).clamp(1, room.max(1)) + 2),
        wanted(status.mailboxes.len(), room),
        wanted(status.senders.len(), room),
        Constraint::Min(0),
    ])
    .areas(area);
    needs(state, &lines, &whole, top, canvas);
    boxed("Mailboxes", "5 Settings", &mailboxes(status, desk), middle, canvas);
    boxed("Senders", "6 Settings", &senders(status), below, canvas);
    let figures = counts(status, desk);
    let rows = u16::try_from(figures.lines().len()).unwrap_or(u16::MAX).saturating_add(2);
    // What came in has its two lines at least where there is room for both panes, and all that is left over.
    let came = bottom.height.saturating_sub(rows).max(LEAST);
    let came = if bottom.height >= LEAST * 2 { came } else { 0 };
    let [figures_area, came_area] = Layout::vertical([Constraint::Fill(1), Constraint::Length(came)]).areas(bottom);
    if figures_area.height >= 3 {
        let inner = Pane { title: "Queues and tickets", ..Pane::default() }.draw(figures_area, canvas);
        page::draw(&figures, inner, &Default::default(), canvas);
    }
    if came > 0 {
        came_in(state, desk, came_area, canvas);
    }
}

/// The last hour, and as many of the latest verdicts as there is room for.
fn came_in(state: &State, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let inner = Pane { title: "Mail that came in", right: "2 Live", ..Pane::default() }.draw(area, canvas);
    canvas.text(row(inner, 0), Style::Plain, &state.pulse.bars(desk.now()));
    canvas.text(row(inner, 1), Style::Plain, &state.pulse.words(desk));
    let latest = state.pulse.latest();
    let rest = Rect { y: inner.y + 2, height: inner.height.saturating_sub(2), ..inner };
    // A head without a line below it says nothing.
    if rest.height >= 2 && !latest.is_empty() {
        let table = live::view::table(&latest, desk);
        Grid { only_looked_at: true, ..Grid::default() }.draw(&table, &Default::default(), rest, canvas);
    }
}

/// The selected line in full, where the list has no room for it.
fn whole(state: &State, lines: &[super::Attention], width: usize) -> Page {
    let mut page = Page::default();
    let widest = lines.iter().map(|line| fit::width(&line.what)).max().unwrap_or(0);
    // Cursor, mark and sign, and two blanks between the columns.
    let room = width.saturating_sub(widest + 6);
    if let Some(line) = lines.get(state.cursor.at).filter(|line| fit::width(&line.said) > room) {
        page.indented(2, [Span::plain(&line.said)]);
    }
    page
}

fn needs(state: &State, lines: &[super::Attention], whole: &Page, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let title = format!("Attention ({})", lines.len());
    let below = if lines.is_empty() { "" } else { "Enter goes there" };
    let inner = Pane { title: &title, below, focused: true, ..Pane::default() }.draw(area, canvas);
    let mut table = Table::new([Column::Word("What"), Column::Text("Said")]);
    for line in lines {
        let sign = if line.style == Style::Bad { "✖" } else { "!" };
        table.row(line.style, [format!("{sign} {}", line.what), line.said.clone()]);
    }
    if lines.is_empty() {
        canvas.text(row(inner, 0), Style::Good, "✔ nothing needs a person");
        canvas.cursor(inner.x, inner.y);
    }
    let told = u16::try_from(page::rows(whole, usize::from(inner.width))).unwrap_or(0).min(inner.height / 2);
    let [list, below] = Layout::vertical([Constraint::Fill(1), Constraint::Length(told)]).areas(inner);
    Grid { focused: true, bare: true, ..Grid::default() }.draw(&table, &state.cursor, list, canvas);
    page::draw(whole, below, &Default::default(), canvas);
}

fn boxed(title: &str, right: &str, table: &Table, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let inner = Pane { title, right, ..Pane::default() }.draw(area, canvas);
    if table.is_empty() {
        canvas.text(row(inner, 0), Style::Dim, "none is set up yet");
        return;
    }
    Grid { only_looked_at: true, ..Grid::default() }.draw(table, &Default::default(), inner, canvas);
}

/// A sign before the word, so that no colour is needed.
fn signed(state: &WorkState) -> (Style, String) {
    let (style, sign) = match state {
        WorkState::Working => (Style::Plain, "●"),
        WorkState::Starting => (Style::Dim, "·"),
        WorkState::Disabled => (Style::Dim, "-"),
        WorkState::RateLimited { .. } => (Style::Attention, "!"),
        WorkState::Faulty { .. } => (Style::Bad, "✖"),
    };
    (style, format!("{sign} {}", health::word(state)))
}

fn said(state: &WorkState, desk: &Desk) -> String {
    match state {
        WorkState::Faulty { diagnosis, .. } => {
            diagnosis.server_said.clone().unwrap_or_else(|| diagnosis.meaning.clone())
        }
        WorkState::RateLimited { until } => format!("until {}", desk.exact(*until)),
        _ => "-".into(),
    }
}

fn mailboxes(status: &StatusView, desk: &Desk) -> Table {
    let mut table = Table::new([
        Column::Name("Mailbox"),
        Column::Word("State"),
        Column::Word("Last poll"),
        Column::Number("Judged"),
        Column::Text("Last error"),
    ]);
    for mailbox in &status.mailboxes {
        let (style, word) = signed(&mailbox.state);
        let polled = mailbox.last_poll.map_or("never".into(), |at| desk.glance(at));
        let cells = [mailbox.name.to_string(), word, polled, mailbox.judged.to_string(), said(&mailbox.state, desk)];
        table.row(style, cells);
    }
    table
}

fn senders(status: &StatusView) -> Table {
    let mut table =
        Table::new([Column::Name("Sender"), Column::Word("State"), Column::Number("Sent"), Column::Text("Last error")]);
    for sender in &status.senders {
        let (style, word) = signed(&sender.state);
        let error = match &sender.state {
            WorkState::Faulty { diagnosis, .. } => diagnosis.meaning.clone(),
            _ => "-".into(),
        };
        table.row(style, [sender.name.to_string(), word, sender.sent.to_string(), error]);
    }
    table
}

fn counts(status: &StatusView, desk: &Desk) -> Page {
    let counts = &status.counts;
    let mut page = Page::default();
    let outbox = format!(
        "{} due, {} held, {} failed, {} sent, {} cancelled",
        counts.outbox_due, counts.outbox_held, counts.outbox_failed, counts.outbox_sent, counts.outbox_cancelled
    );
    let storage = match counts.uploads_waiting {
        0 => format!("{}, {}", status.storage.place, health::word(&status.storage.state)),
        waiting => {
            format!("{}, {}, {waiting} uploads waiting", status.storage.place, health::word(&status.storage.state))
        }
    };
    let daemon = format!("{} in memory, {} free on disk", size::bytes(status.memory), size::bytes(status.disk_free));
    page.fields([
        ("tickets", Some(tickets(counts))),
        ("outbox", Some(outbox)),
        ("directory", Some(directory(counts))),
        ("storage", Some(storage)),
        ("daemon", Some(daemon)),
        ("since", Some(desk.glance(status.started))),
    ]);
    page
}
