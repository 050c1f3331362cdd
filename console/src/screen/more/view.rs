//! More on the screen: the lists as the command line shows them.

use super::state::{State, Tab};
use crate::app::cursor::Cursor;
use crate::app::desk::Desk;
use crate::app::request::Problem;
use crate::command::{directory, doctor, suppression};
use crate::output::{Style, Table};
use crate::widget::canvas::{Canvas, row};
use crate::widget::grid::Grid;
use crate::widget::page;
use crate::widget::pane::Pane;
use ratatui::layout::Rect;

pub fn draw(state: &State, desk: &Desk, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let tab = |tab: Tab| if tab == state.tab { format!("[{}]", tab.name()) } else { tab.name().to_owned() };
    let title = format!("More: {}", Tab::ALL.map(tab).join(" "));
    let inner = Pane { title: &title, below: "[ ] other lists", focused: true, ..Pane::default() }.draw(area, canvas);
    let when = |at| desk.glance(at);
    match state.tab {
        Tab::Contacts => {
            let (list, empty) = (&state.contacts, "No contacts yet: they appear with their first mail.");
            let said = empty_words(list.loaded, list.problem.as_ref(), empty);
            show(&directory::table(&list.rows, &when), &list.cursor, &said, inner, canvas);
        }
        Tab::Customers => {
            let (list, empty) = (&state.customers, "No customers yet: maildesk customer import FILE.csv");
            let said = empty_words(list.loaded, list.problem.as_ref(), empty);
            show(&directory::table(&list.rows, &when), &list.cursor, &said, inner, canvas);
        }
        Tab::Suppressed => {
            let rows = state.suppressed.value.as_deref().unwrap_or_default();
            let loaded = state.suppressed.value.is_some();
            let said = empty_words(loaded, state.suppressed.problem.as_ref(), "No address is suppressed; a adds one.");
            show(&suppression::table(rows, &desk.zoned()), &state.cursor, &said, inner, canvas);
        }
        Tab::Doctor => report(state, desk, inner, canvas),
    }
}

fn empty_words(loaded: bool, problem: Option<&Problem>, empty: &str) -> String {
    match (problem, loaded) {
        (Some(problem), _) => problem.line(),
        (None, false) => "asking for it".into(),
        (None, true) => empty.into(),
    }
}

fn show(table: &Table, cursor: &Cursor, empty: &str, area: Rect, canvas: &mut Canvas<'_, '_>) {
    if table.is_empty() {
        canvas.text(row(area, 0), Style::Dim, empty);
        canvas.cursor(area.x, area.y);
        return;
    }
    Grid { focused: true, ..Grid::default() }.draw(table, cursor, area, canvas);
}

fn report(state: &State, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    canvas.cursor(area.x, area.y);
    if let Some(since) = state.report.asking.waiting_since() {
        let seconds = desk.now().duration_since(since).as_secs().max(0);
        canvas.text(row(area, 0), Style::Plain, &format!("examining the desk and its senders {seconds} s"));
        return;
    }
    match (&state.report.value, &state.report.problem) {
        (_, Some(problem)) => drop(canvas.text(row(area, 0), Style::Bad, &problem.line())),
        (Some(report), None) => page::draw(&doctor::page(report), area, &state.scroll, canvas),
        (None, None) => {
            let said = "Enter examines DNS, queue, clock, disk and secrets; it takes up to 20 s.";
            canvas.text(row(area, 0), Style::Dim, said);
        }
    }
}
