//! More on the screen: the lists as the command line shows them.

use super::record;
use super::state::State;
use super::tab::Tab;
use crate::app::cursor::Cursor;
use crate::app::desk::Desk;
use crate::app::request::Problem;
use crate::command::{audit, block, directory, doctor, invitation, logs, suppression, token};
use crate::output::{Style, Table};
use crate::widget::canvas::Canvas;
use crate::widget::grid::Grid;
use crate::widget::page;
use crate::widget::pane::{Pane, mark_rest};
use maildesk_core::rpc::LogLevel;
use ratatui::layout::{Constraint, Layout, Rect};

pub fn draw(state: &State, desk: &Desk, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let [top, below] = match state.tab.has_record() {
        true => Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).areas(area),
        false => [area, Rect { height: 0, ..area }],
    };
    let tab = |tab: Tab| if tab == state.tab { format!("[{}]", tab.name()) } else { tab.name().to_owned() };
    let (title, below_list) = (Tab::ALL.map(tab).join(" "), below_list(state));
    let pane = Pane { title: &title, below: &below_list, focused: !state.reading, ..Pane::default() };
    let inner = pane.draw(top, canvas);
    list(state, desk, inner, canvas);
    if below.height > 0 {
        let pane = Pane { title: "Record", below: "o pager  y copy", focused: state.reading, ..Pane::default() };
        let inner = pane.draw(below, canvas);
        if let Some(text) = record::page(state, desk) {
            page::draw(&text, inner, &state.scroll, canvas);
            mark_rest(state.scroll.below(), below, canvas);
        }
        if state.reading {
            canvas.cursor(inner.x, inner.y);
        }
    }
}

/// What stands below a list.
fn below_list(state: &State) -> String {
    let others = "[ ] other lists";
    if state.tab != Tab::Logs {
        return others.into();
    }
    let logs = &state.logs;
    let level = match logs.level {
        LogLevel::Info => "all levels",
        LogLevel::Warning => "warnings and errors",
        LogLevel::Error => "errors only",
    };
    let words = if logs.words.is_empty() { String::new() } else { format!(", /{}", logs.words) };
    let follows = match (logs.following.paused, logs.following.new) {
        (true, 0) => "PAUSED, F follows".into(),
        (true, new) => format!("PAUSED, {new} new below, F follows"),
        (false, _) => "following".to_owned(),
    };
    format!("{level}{words}  {follows}  {others}")
}

fn list(state: &State, desk: &Desk, inner: Rect, canvas: &mut Canvas<'_, '_>) {
    let when = |at| desk.glance(at);
    let clock = desk.zoned();
    let mut shown = |table: &Table, cursor: &Cursor, said: (Style, String)| {
        show(table, cursor, !state.reading, &said, inner, canvas);
    };
    match state.tab {
        Tab::Contacts => {
            let list = &state.contacts;
            let empty = "No contacts yet: they appear with their first mail, or by maildesk contact import FILE.csv";
            let said = empty_words(list.loaded, list.problem.as_ref(), empty);
            shown(&directory::table(&list.rows, &when), &list.cursor, said);
        }
        Tab::Customers => {
            let (list, empty) = (&state.customers, "No customers yet: maildesk customer import FILE.csv");
            let said = empty_words(list.loaded, list.problem.as_ref(), empty);
            shown(&directory::table(&list.rows, &when), &list.cursor, said);
        }
        Tab::Invitations => {
            let list = &state.invitations;
            let empty = "Nobody is invited: maildesk invitation send ADDRESS --agent USER, or --contact";
            let said = empty_words(list.loaded, list.problem.as_ref(), empty);
            shown(&invitation::table(&list.rows, &clock), &list.cursor, said);
        }
        Tab::Suppressed => {
            let rows = state.suppressed.value.as_deref().unwrap_or_default();
            let loaded = state.suppressed.value.is_some();
            let said = empty_words(loaded, state.suppressed.problem.as_ref(), "No address is suppressed; a adds one.");
            shown(&suppression::table(rows, &clock), &state.cursor, said);
        }
        Tab::Blocked => {
            let rows = state.blocked.value.as_deref().unwrap_or_default();
            let loaded = state.blocked.value.is_some();
            let empty = "Nobody is blocked; a drops the mail of an address or a domain.";
            let said = empty_words(loaded, state.blocked.problem.as_ref(), empty);
            shown(&block::table(rows, &clock), &state.cursor, said);
        }
        Tab::Keys => {
            let rows = state.keys.value.as_deref().unwrap_or_default();
            let said = empty_words(state.keys.value.is_some(), state.keys.problem.as_ref(), "There is no key.");
            shown(&token::table(rows, &clock), &state.cursor, said);
        }
        Tab::Audit => {
            let list = &state.audit;
            let said = empty_words(list.loaded, list.problem.as_ref(), "Nobody has changed anything yet.");
            shown(&audit::table(&list.rows, &when), &list.cursor, said);
        }
        Tab::Logs => {
            let (list, visible) = (&state.logs, state.logs.visible());
            let empty = match list.held() {
                0 => "Nothing was logged since maildeskd started.".to_owned(),
                held => format!("The filter hides all {held} lines; Esc clears it."),
            };
            let said = empty_words(list.loaded, list.problem.as_ref(), &empty);
            shown(&logs::table(visible.into_iter(), &|at| desk.exact(at)), &list.following.cursor, said);
        }
        Tab::Doctor => report(state, desk, inner, canvas),
    }
}

fn empty_words(loaded: bool, problem: Option<&Problem>, empty: &str) -> (Style, String) {
    match (problem, loaded) {
        (Some(problem), _) => (Style::Bad, problem.line()),
        (None, false) => (Style::Dim, "asking for them".into()),
        (None, true) => (Style::Dim, empty.into()),
    }
}

fn show(
    table: &Table,
    cursor: &Cursor,
    focused: bool,
    empty: &(Style, String),
    area: Rect,
    canvas: &mut Canvas<'_, '_>,
) {
    if table.is_empty() {
        page::say(empty.0, &empty.1, area, canvas);
        if focused {
            canvas.cursor(area.x, area.y);
        }
        return;
    }
    Grid { focused, ..Grid::default() }.draw(table, cursor, area, canvas);
}

fn report(state: &State, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    canvas.cursor(area.x, area.y);
    if let Some(since) = state.report.asking.waiting_since() {
        let seconds = desk.now().duration_since(since).as_secs().max(0);
        let said = format!("asking DNS and examining the desk and its senders, {seconds} s");
        page::say(Style::Plain, &said, area, canvas);
        return;
    }
    match (&state.report.value, &state.report.problem) {
        (_, Some(problem)) => page::say(Style::Bad, &problem.line(), area, canvas),
        (Some(report), None) => page::draw(&doctor::page(report), area, &state.scroll, canvas),
        (None, None) => {
            let said = "Enter examines DNS, queue, clock, disk and secrets; it takes up to 20 s.";
            page::say(Style::Dim, said, area, canvas);
        }
    }
}
