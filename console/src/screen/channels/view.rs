//! Senders and mailboxes on the screen: the list with what it means, or a form beside its test.

use super::form::Form;
use super::noun::Noun;
use super::sheet_view::{self, Beside};
use super::state::{Check, State};
use crate::app::desk::Desk;
use crate::command::{health, ladder};
use crate::output::{Column, Page, Span, Style, Table};
use crate::widget::canvas::Canvas;
use crate::widget::grid::Grid;
use crate::widget::page;
use crate::widget::pane::{Pane, mark_rest};
use maildesk_core::settings::Settings;
use ratatui::layout::{Constraint, Layout, Rect};

pub fn draw(state: &State, desk: &Desk, canvas: &mut Canvas<'_, '_>, area: Rect) {
    match &state.form {
        Some(open) => {
            let [left, right] = match state.check {
                Some(_) => Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(area),
                None => [area, Rect { width: 0, ..area }],
            };
            form(open, left, canvas);
            if right.width > 0 {
                check(state, desk, right, canvas);
            }
        }
        None => {
            let [top, below] = Layout::vertical([Constraint::Fill(2), Constraint::Fill(3)]).areas(area);
            list(state, desk, top, canvas);
            check(state, desk, below, canvas);
        }
    }
}

fn list(state: &State, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let title = state.noun.place().path();
    let revision = desk.settings.value.as_ref().map(|view| format!("revision {}", view.revision)).unwrap_or_default();
    let pane = Pane { title, right: &revision, focused: !state.reading, ..Pane::default() };
    let inner = pane.draw(area, canvas);
    let Some(view) = &desk.settings.value else {
        match &desk.settings.problem {
            Some(problem) => page::say(Style::Bad, &problem.line(), inner, canvas),
            None => page::say(Style::Dim, "asking for the settings", inner, canvas),
        }
        canvas.cursor(inner.x, inner.y);
        return;
    };
    let table = table(state, &view.settings, desk);
    if table.is_empty() {
        let said = format!("No {} is set up yet: a adds one.", state.noun.word());
        page::say(Style::Dim, &said, inner, canvas);
        canvas.cursor(inner.x, inner.y);
        return;
    }
    Grid { focused: !state.reading, ..Grid::default() }.draw(&table, &state.cursor, inner, canvas);
}

fn table(state: &State, settings: &Settings, desk: &Desk) -> Table {
    let told = |name: &str| {
        let found = desk.status.value.as_ref().and_then(|status| state.noun.state(status, name));
        match found {
            Some(found) => (health::style(found), health::word(found).to_owned()),
            None => (Style::Plain, "-".to_owned()),
        }
    };
    match state.noun {
        Noun::Sender => {
            let columns = [Column::Word("Name"), Column::Word("State"), Column::Text("From"), Column::Text("By")];
            let mut table = Table::new(columns);
            for sender in &settings.sender {
                let (style, word) = told(sender.name.as_str());
                table.row(style, [sender.name.to_string(), word, sender.from.to_string(), sender.way.place()]);
            }
            table
        }
        Noun::Mailbox => {
            let columns = [
                Column::Word("Name"),
                Column::Word("State"),
                Column::Text("Address"),
                Column::Text("Server"),
                Column::Name("Folder"),
            ];
            let mut table = Table::new(columns);
            for mailbox in &settings.mailbox {
                let (style, word) = told(mailbox.name.as_str());
                let server = crate::command::sender::place(&mailbox.server);
                let cells =
                    [mailbox.name.to_string(), word, mailbox.address.to_string(), server, mailbox.folder.clone()];
                table.row(style, cells);
            }
            table
        }
    }
}

/// The test of the selected one, or how it fares.
pub fn check_page(state: &State, desk: &Desk) -> Option<Page> {
    if let Some(check) = &state.check {
        return Some(of_check(check, desk));
    }
    let mut page = Page::default();
    let name = state.selected(desk)?;
    let found = state.noun.state(desk.status.value.as_ref()?, &name)?;
    health::explain(&mut page, &name, found, &desk.zoned());
    page = page.from_first_words();
    if page.lines().is_empty() {
        page.line([Span::dim(format!("{name} is {}. t tests it step by step.", health::word(found)))]);
    }
    Some(page)
}

/// A test that is under way or done.
pub fn of_check(check: &Check, desk: &Desk) -> Page {
    let mut page = Page::default();
    match &check.result {
        None => {
            let seconds = desk.now().duration_since(check.since).as_secs().max(0);
            page.line([Span::plain(format!("testing {} {seconds} s", check.of))]);
        }
        Some(Err(problem)) => page.line([Span::new(Style::Bad, problem.line())]),
        Some(Ok(report)) => page.append(ladder::page(report)),
    }
    page
}

fn check(state: &State, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let title = match &state.check {
        Some(check) if check.unsaved => format!("Test of {} with unsaved values", check.of),
        Some(check) => format!("Test of {}", check.of),
        None => "How it fares".to_owned(),
    };
    let pane = Pane { title: &title, focused: state.reading, ..Pane::default() };
    let inner = pane.draw(area, canvas);
    if let Some(text) = check_page(state, desk) {
        page::draw(&text, inner, &state.scroll, canvas);
        mark_rest(state.scroll.below(), area, canvas);
    }
    if state.reading {
        canvas.cursor(inner.x, inner.y);
    }
}

fn form(form: &Form, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let what = if form.is_new { "new" } else { "EDIT" };
    let title = format!("{} › {}  {what}", form.noun.place().name(), form.name);
    let counts = match (form.changed(), form.errors()) {
        (0, 0) => String::new(),
        (changed, 0) => format!("{changed} unsaved"),
        (changed, errors) => format!("{changed} unsaved, {errors} to mend"),
    };
    let below = if form.under_way { "saving" } else { "" };
    let inner = Pane { title: &title, right: &counts, below, focused: true }.draw(area, canvas);
    let secret = form.secret_state();
    let beside = Beside { is_new: form.is_new, secret: &secret, general: form.general.as_deref() };
    sheet_view::draw(&form.sheet, &beside, inner, canvas);
}
