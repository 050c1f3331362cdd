//! Fields on the screen: label, value, what is wrong with it, and below all what the focused one means.

use super::field::{Field, Kind};
use super::secret::SOURCE;
use super::sheet::Sheet;
use crate::output::{Page, Span, Style};
use crate::widget::canvas::{Canvas, right_of, row};
use crate::widget::{page, writing};
use ratatui::layout::{Constraint, Layout, Rect};

/// Columns of labels: sign, label, space.
const LABEL: u16 = 17;

/// What is said beside the fields.
pub struct Beside<'a> {
    /// Nothing of it is saved yet.
    pub is_new: bool,
    /// How the secret stands that is saved.
    pub secret: &'a str,
    /// What is wrong and belongs to no field.
    pub general: Option<&'a str>,
}

/// Draws the fields, and the help of the focused one below them.
pub fn draw(sheet: &Sheet, beside: &Beside<'_>, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let help = help(sheet, beside);
    let height = u16::try_from(page::rows(&help, usize::from(area.width))).unwrap_or(3).min(area.height / 3);
    let [top, bottom] = Layout::vertical([Constraint::Fill(1), Constraint::Length(height + 1)]).areas(area);
    let shown = || sheet.fields.iter().enumerate().filter(|(_, field)| !field.hidden);
    let until: usize = shown().take_while(|(index, _)| *index <= sheet.focus).map(|(_, field)| rows(field)).sum();
    let mut skip = until.saturating_sub(usize::from(top.height));
    let mut at = 0;
    for (index, field) in shown() {
        let height = rows(field);
        if skip >= height {
            skip -= height;
            continue;
        }
        skip = 0;
        if at + height > usize::from(top.height) {
            break;
        }
        one(field, beside.is_new, index == sheet.focus, row(top, at), canvas);
        beneath(field, beside.secret, top, at, canvas);
        at += height;
    }
    let below = Rect { y: bottom.y + 1, height: bottom.height.saturating_sub(1), ..bottom };
    page::draw(&help, below, &Default::default(), canvas);
}

/// Rows of a field: its own, and what stands beneath.
fn rows(field: &Field) -> usize {
    1 + usize::from(field.path == SOURCE) + usize::from(field.problem.is_some())
}

fn one(field: &Field, is_new: bool, focused: bool, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let (style, sign) = match (&field.problem, field.is_changed() || is_new && !field.text().is_empty()) {
        (Some(_), _) => (Style::Bad, "✖"),
        (None, true) => (Style::Attention, "●"),
        (None, false) => (Style::Plain, " "),
    };
    let star = if field.required { " *" } else { "" };
    let label = crate::widget::fit::exactly(&format!("{sign} {}{star}", field.label), usize::from(LABEL), false);
    canvas.line(area, &[Span::exact(if focused { Style::Strong } else { style }, &label)]);
    let value = right_of(area, LABEL);
    match &field.kind {
        Kind::Toggle => {
            let shown = if field.text() == "true" { "[x]" } else { "[ ]" };
            put(shown, focused, value, canvas);
        }
        Kind::Choice(_) => {
            let chosen = field.text();
            put(&format!("< {} >", if chosen.is_empty() { "first" } else { &chosen }), focused, value, canvas);
        }
        Kind::Secret => {
            // As many signs whatever is typed: its length is nobody's business.
            let shown = if field.text().is_empty() { "" } else { "●●●●●●●●  new, not saved" };
            put(shown, focused, value, canvas);
        }
        _ if focused => writing::draw(&field.input, value, true, canvas),
        _ => drop(canvas.line(value, &[Span::exact(Style::Plain, &field.text())])),
    }
}

fn put(text: &str, focused: bool, area: Rect, canvas: &mut Canvas<'_, '_>) {
    canvas.line(area, &[Span::exact(if focused { Style::Strong } else { Style::Plain }, text)]);
    if focused {
        canvas.cursor(area.x, area.y);
    }
}

fn beneath(field: &Field, secret: &str, area: Rect, at: usize, canvas: &mut Canvas<'_, '_>) {
    let mut next = at + 1;
    if field.path == SOURCE {
        canvas.text(right_of(row(area, next), LABEL), Style::Dim, &format!("saved: {secret}"));
        next += 1;
    }
    if let Some(problem) = &field.problem {
        canvas.text(right_of(row(area, next), LABEL), Style::Bad, &format!("^ {problem}"));
    }
}

fn help(sheet: &Sheet, beside: &Beside<'_>) -> Page {
    let mut page = Page::default();
    if let Some(problem) = beside.general {
        page.line([Span::new(Style::Bad, problem)]);
    }
    if let Some(field) = sheet.focused() {
        page.line([Span::strong(format!("{}:", field.label)), Span::plain(field.help)]);
        if let Some(problem) = &field.problem {
            page.line([Span::new(Style::Bad, problem)]);
        }
    }
    page
}
