//! Templates on the screen: the list, or one with its text and what stands beside it.

use super::beside::{self, Beside};
use super::opened::Opened;
use super::save::name;
use super::source;
use super::state::State;
use crate::app::desk::Desk;
use crate::command::template::list::table;
use crate::output::{Style, time};
use crate::widget::canvas::Canvas;
use crate::widget::grid::Grid;
use crate::widget::page;
use crate::widget::pane::Pane;
use ratatui::layout::{Constraint, Layout, Rect};

/// From this width on text and preview stand side by side.
const WIDE: u16 = 100;

pub fn draw(state: &State, desk: &Desk, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let Some(opened) = &state.opened else { return list(state, desk, area, canvas) };
    let halves = [Constraint::Fill(1), Constraint::Fill(1)];
    let [first, second] = match area.width >= WIDE {
        true => Layout::horizontal(halves).areas(area),
        false => Layout::vertical(halves).areas(area),
    };
    text(opened, desk, first, canvas);
    other(opened, desk, second, canvas);
}

fn list(state: &State, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let visible = state.visible();
    let title = match state.language {
        None => "Templates".to_owned(),
        Some(language) => format!("Templates: {language}"),
    };
    let hidden = state.list.value.as_ref().map_or(0, Vec::len) - visible.len();
    let right = match hidden {
        0 => String::new(),
        hidden => format!("{hidden} in other languages hidden, Esc shows"),
    };
    let inner = Pane { title: &title, right: &right, focused: true, ..Pane::default() }.draw(area, canvas);
    if visible.is_empty() {
        match &state.list.problem {
            Some(problem) => page::say(Style::Bad, &problem.line(), inner, canvas),
            None => page::say(Style::Dim, "asking for the templates", inner, canvas),
        }
        return canvas.cursor(inner.x, inner.y);
    }
    let table = table(visible.into_iter(), &|at| desk.glance(at));
    Grid { focused: true, ..Grid::default() }.draw(&table, &state.cursor, inner, canvas);
}

/// Whose text is shown.
fn standing(opened: &Opened, desk: &Desk) -> String {
    let Some(view) = &opened.view.value else { return String::new() };
    let mut words = match (&opened.edited, &view.row.draft, &view.row.saved) {
        (Some(_), ..) => "draft, not kept by the daemon yet".to_owned(),
        (None, Some(stamp), _) => format!("draft of {}, {}", stamp.by, time::relative(stamp.at, &desk.clock)),
        (None, None, Some(stamp)) if !stamp.reset => format!("changed by {}, revision {}", stamp.by, stamp.revision),
        _ => "built-in".to_owned(),
    };
    if view.row.builtin_changed {
        words.push_str(", built-in changed since");
    }
    words
}

fn text(opened: &Opened, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let title = format!("Templates › {}  {}", name(opened), standing(opened, desk));
    let right = match (&opened.shown, &opened.refused) {
        (_, Some(_)) => "a text that does not read waits: e".to_owned(),
        (Some(shown), None) => source::counted(shown),
        (None, None) => String::new(),
    };
    let inner = Pane { title: &title, right: &right, focused: !opened.reading, ..Pane::default() }.draw(area, canvas);
    match (&opened.shown, &opened.view.problem) {
        (Some(shown), _) => page::draw(&source::page(shown), inner, &opened.source_scroll, canvas),
        (None, Some(problem)) => page::say(Style::Bad, &problem.line(), inner, canvas),
        (None, None) => page::say(Style::Dim, "asking for the template", inner, canvas),
    }
    if !opened.reading {
        canvas.cursor(inner.x, inner.y);
    }
}

fn other(opened: &Opened, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let weight = beside::weight(opened);
    let below = match opened.beside {
        Beside::History => "R saves that version again".to_owned(),
        Beside::FromSaved | Beside::FromBuiltin => "d the other one".to_owned(),
        _ if weight.is_empty() => "v view".to_owned(),
        _ => format!("the whole mail {weight}"),
    };
    let right = beside::filled_with(opened);
    let pane = Pane { title: opened.beside.title(), right: &right, below: &below, focused: opened.reading };
    let inner = pane.draw(area, canvas);
    let versions = opened.view.value.as_ref().map_or(0, |view| view.history.len());
    if opened.beside == Beside::History && versions > 0 {
        let grid = Grid { focused: opened.reading, ..Grid::default() };
        return grid.draw(&beside::history(opened, desk), &opened.history, inner, canvas);
    }
    page::draw(&beside::page(opened, desk), inner, &opened.beside_scroll, canvas);
    if opened.reading {
        canvas.cursor(inner.x, inner.y);
    }
}
