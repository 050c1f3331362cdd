//! Live on the screen.

use super::row::{Row, cells};
use super::state::State;
use crate::app::desk::Desk;
use crate::command::mail_trace;
use crate::output::{Column, Page, Span, Style, Table};
use crate::widget::canvas::Canvas;
use crate::widget::grid::Grid;
use crate::widget::page;
use crate::widget::pane::{Pane, mark_rest};
use maildesk_core::route::JudgedMail;
use ratatui::layout::{Constraint, Layout, Rect};

/// The stream keeps at least so many rows before the reasons are shown beside it.
const LEAST: u16 = 8;

pub fn draw(state: &State, desk: &Desk, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let wanted = state.selected().and_then(Row::mail);
    let split = wanted.is_some() && area.height >= LEAST * 2;
    let [top, below] = match split {
        true => Layout::vertical([Constraint::Fill(3), Constraint::Fill(2)]).areas(area),
        false => [area, Rect { height: 0, ..area }],
    };
    let whole = state.reading && !split;
    if !whole {
        stream(state, desk, top, canvas);
    }
    if let Some(id) = wanted {
        let place = if whole { area } else { below };
        let title = format!("Why this verdict: mail {id}");
        let pane = Pane { title: &title, below: "o pager  y copy", focused: state.reading, ..Pane::default() };
        if place.height >= 3 {
            let inner = pane.draw(place, canvas);
            match (state.shown_why(), &state.why.problem) {
                (Some(judged), _) => page::draw(&why_page(judged, desk), inner, &state.scroll, canvas),
                (None, Some(problem)) => page::say(Style::Bad, &problem.line(), inner, canvas),
                (None, None) => page::say(Style::Dim, "asking for its steps", inner, canvas),
            }
            mark_rest(state.scroll.below(), place, canvas);
            if state.reading {
                canvas.cursor(inner.x, inner.y);
            }
        }
    }
}

fn stream(state: &State, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let mut title = "Live: all mailboxes".to_owned();
    if state.problems_only {
        title.push_str(", problems only");
    }
    if !state.words.is_empty() {
        title.push_str(&format!(", /{}", state.words));
    }
    let right = match (state.following.paused, state.following.new) {
        (true, 0) => "PAUSED  F follow".into(),
        (true, new) => format!("PAUSED  {new} new below  F follow"),
        (false, _) => "following".to_owned(),
    };
    let hidden = state.hidden();
    let below = if hidden > 0 { format!("{hidden} of {} hidden, Esc shows", state.held()) } else { String::new() };
    let pane = Pane { title: &title, right: &right, below: &below, focused: !state.reading };
    let inner = pane.draw(area, canvas);
    let visible = state.visible();
    if visible.is_empty() {
        let said = match hidden {
            0 => "Nothing happened yet. Mail that comes in stands here with its verdict.".to_owned(),
            hidden => format!("The filter hides all {hidden} lines; Esc clears it."),
        };
        page::say(Style::Dim, &said, inner, canvas);
        canvas.cursor(inner.x, inner.y);
        return;
    }
    Grid { focused: !state.reading, ..Grid::default() }.draw(
        &table(&visible, desk),
        &state.following.cursor,
        inner,
        canvas,
    );
}

/// Events in columns.
pub fn table(rows: &[&Row], desk: &Desk) -> Table {
    let mut table = Table::new([
        Column::Word("Time"),
        Column::Word("Verdict"),
        Column::Name("From / to"),
        Column::Text("What"),
        Column::Name("Result"),
    ]);
    for row in rows {
        match row {
            Row::Event(event) => {
                let cells = cells(&event.what);
                let text = [desk.exact(event.at), cells.word.to_owned(), cells.who, cells.what, cells.result];
                table.row(cells.style, text);
            }
            Row::Gap => {
                let said = "events are missing here: they are no longer kept".to_owned();
                table.row(Style::Attention, ["──".into(), "GAP".into(), String::new(), said, String::new()]);
            }
        }
    }
    table
}

/// Every step that led to the verdict.
pub fn why(judged: &JudgedMail, desk: &Desk) -> Page {
    let mut page = Page::default();
    page.line([Span::strong(format!("{} from {}: {}", judged.mailbox, judged.from, judged.subject))]);
    page.append(why_page(judged, desk));
    page
}

fn why_page(judged: &JudgedMail, desk: &Desk) -> Page {
    let mut page = Page::default();
    mail_trace::add_stages(&mut page, judged, &desk.zoned());
    if let Some(effect) = mail_trace::effect(&judged.effect) {
        page.line([Span::dim("filters"), Span::plain(effect)]);
    }
    page
}
