//! Filters on the screen: the rules, and below them what a dry run or the selected rule says.

use super::state::State;
use crate::app::cursor::{Cursor, Scroll};
use crate::app::desk::Desk;
use crate::command::filter::list::{add_warnings, shadowed_words, table};
use crate::command::filter::trial::{dry_run_page, tried_page};
use crate::output::{Column, Page, Span, Style, Table};
use crate::widget::canvas::Canvas;
use crate::widget::grid::Grid;
use crate::widget::page;
use crate::widget::pane::{Pane, mark_rest};
use maildesk_core::filter::{PRESETS, shadowed, to_toml};
use ratatui::layout::{Constraint, Layout, Rect};

pub fn draw(state: &State, desk: &Desk, canvas: &mut Canvas<'_, '_>, area: Rect) {
    if let Some(cursor) = &state.presets {
        return presets(cursor, canvas, area);
    }
    let [top, below] = Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).areas(area);
    list(state, desk, top, canvas);
    let title = match (&state.tried, &state.dry_run) {
        (Some(_), _) => "One mail under these rules".to_owned(),
        (None, Some(run)) => format!("Dry run over the last {} mails", run.last),
        (None, None) => "Rule".to_owned(),
    };
    let inner = Pane { title: &title, focused: state.reading, ..Pane::default() }.draw(below, canvas);
    page::draw(&detail(state, desk), inner, &state.scroll, canvas);
    mark_rest(state.scroll.below(), below, canvas);
    if state.reading {
        canvas.cursor(inner.x, inner.y);
    }
}

fn list(state: &State, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let right = if state.draft.is_some() { "● unsaved draft, ^S saves" } else { "the first that stops wins" };
    let title = "Settings › Email › Filters";
    let pane = Pane { title, right, below: "then: a ticket", focused: !state.reading };
    let inner = pane.draw(area, canvas);
    let rules = state.rules();
    if rules.is_empty() {
        let said = match (&state.saved.problem, &state.saved.value) {
            (Some(problem), None) => problem.line(),
            (None, None) => "asking for the rules".into(),
            _ => "No rules yet: every mail becomes a ticket. a adds one of the usual ones, n begins one of your own."
                .into(),
        };
        let style = if state.saved.problem.is_some() { Style::Bad } else { Style::Dim };
        page::say(style, &said, inner, canvas);
        canvas.cursor(inner.x, inner.y);
        return;
    }
    let shadowed = shadowed(&rules);
    let rows = rules.iter().map(|rule| (rule, state.hits(rule)));
    let table = table(rows, &shadowed, &desk.clock);
    Grid { focused: !state.reading, ..Grid::default() }.draw(&table, &state.cursor, inner, canvas);
}

/// Rules to begin with; what the selected one does, as it would stand in the settings.
fn presets(cursor: &Cursor, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let [top, below] = Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).areas(area);
    let title = "Settings › Email › Filters › add";
    let pane = Pane { title, right: "Enter adds it to the draft", focused: true, ..Pane::default() };
    let inner = pane.draw(top, canvas);
    let mut table = Table::new([Column::Word("Preset"), Column::Text("What it does")]);
    for preset in &PRESETS {
        table.row(Style::Plain, [preset.name.to_owned(), preset.about.to_owned()]);
    }
    Grid { focused: true, ..Grid::default() }.draw(&table, cursor, inner, canvas);
    let Some(preset) = PRESETS.get(cursor.at) else { return };
    let mut page = Page::default();
    page.line([Span::plain(preset.about)]);
    page.empty_line();
    preset.text.lines().for_each(|line| page.line([Span::exact(Style::Dim, line)]));
    let inner = Pane { title: preset.name, ..Pane::default() }.draw(below, canvas);
    page::draw(&page, inner, &Scroll::default(), canvas);
}

fn detail(state: &State, desk: &Desk) -> Page {
    let mut page = Page::default();
    for problem in &state.problems {
        page.line([Span::new(Style::Bad, problem.to_string())]);
    }
    if let Some(tried) = &state.tried {
        match &tried.result {
            None => page.line([Span::plain(format!("judging mail {} anew", tried.mail))]),
            Some(Err(problem)) => page.line([Span::new(Style::Bad, problem.line())]),
            Some(Ok(judged)) => page.append(tried_page(judged, &format!("mail {}", tried.mail))),
        }
        return page;
    }
    match &state.dry_run {
        Some(run) => match &run.result {
            None => {
                let seconds = desk.now().duration_since(run.since).as_secs().max(0);
                page.line([Span::plain(format!("judging the last mails anew {seconds} s"))]);
            }
            Some(Err(problem)) => page.line([Span::new(Style::Bad, problem.line())]),
            Some(Ok(part)) => page.append(dry_run_page(part, &desk.zoned())),
        },
        None => {
            if let Some(rule) = state.rules().get(state.cursor.at) {
                to_toml(std::slice::from_ref(rule)).lines().for_each(|line| {
                    page.line([Span::exact(Style::Plain, line)]);
                });
            }
            let shadowed = shadowed(&state.rules());
            add_warnings(&mut page, &shadowed.iter().map(shadowed_words).collect::<Vec<_>>());
        }
    }
    page
}
