//! Help, palette, questions and prompts above a screen.

use crate::action::{Entry, SameAs};
use crate::app::desk::Desk;
use crate::app::overlay::{Consent, Help, Overlay, Prompt, Question};
use crate::app::palette::{Line, Palette};
use crate::output::{Column, Page, Span, Style, Table};
use crate::widget::canvas::{Canvas, row};
use crate::widget::grid::Grid;
use crate::widget::pane::Pane;
use crate::widget::{fit, page, writing};
use ratatui::layout::Rect;
use ratatui::widgets::Clear;

pub(super) fn draw(overlay: &Overlay, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    match overlay {
        Overlay::Help(open) => help(open, area, canvas),
        Overlay::Palette(open) => palette(open, desk, area, canvas),
        Overlay::Question(open) => question(open, area, canvas),
        Overlay::Prompt(open) => prompt(open, area, canvas),
    }
}

/// What its keys do, for the footer.
pub(super) fn keys(overlay: &Overlay) -> &'static str {
    match overlay {
        Overlay::Help(_) => "type to search   Enter runs the line   Esc closes",
        Overlay::Palette(_) => "type to search, or a ticket's number   Enter runs   Tab completes   Esc closes",
        Overlay::Question(open) if open.consent == Consent::Key => "y yes   Enter or n: no   Esc closes",
        Overlay::Question(_) => "type the number, then Enter   Esc closes",
        Overlay::Prompt(_) => "Enter takes it   Esc leaves it",
    }
}

/// An empty box in the middle.
fn open(width: u16, height: u16, area: Rect, pane: &Pane<'_>, canvas: &mut Canvas<'_, '_>) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height.saturating_sub(2)));
    let (x, y) = (area.x + (area.width - width) / 2, area.y + (area.height - height) / 2);
    let place = Rect { x, y, width, height };
    canvas.frame.render_widget(Clear, place);
    pane.draw(place, canvas)
}

fn key_words(entry: &Entry) -> String {
    match entry.keys {
        [] => "-".into(),
        keys => keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    }
}

fn help(open_help: &Help, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let found = open_help.found();
    let mut table = Table::new([Column::Word("Key"), Column::Text("Does"), Column::Word("Where")]);
    for entry in &found {
        table.row(Style::Plain, [key_words(entry), entry.title.to_owned(), entry.at.name().to_owned()]);
    }
    let title = format!("Help: {}", open_help.context.name());
    let below = found.get(open_help.cursor.at).map(|entry| same_as(entry)).unwrap_or_default();
    let pane = Pane { title: &title, below: &below, focused: true, ..Pane::default() };
    let inner = open(90, area.height, area, &pane, canvas);
    search(&open_help.search, inner, canvas);
    let list = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
    Grid { focused: true, ..Grid::default() }.draw(&table, &open_help.cursor, list, canvas);
    search(&open_help.search, inner, canvas);
}

fn search(text: &crate::app::text::EditedText, inner: Rect, canvas: &mut Canvas<'_, '_>) {
    let taken = canvas.line(row(inner, 0), &[Span::exact(Style::Dim, "> ")]);
    let line = Rect { x: inner.x + taken, width: inner.width.saturating_sub(taken), height: 1, ..inner };
    writing::draw(text, line, true, canvas);
}

fn palette(palette: &Palette, desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let found = palette.found();
    let mut table = Table::new([Column::Text("Does"), Column::Word("Key"), Column::Word("Where")]);
    for line in &found {
        match line {
            Line::Ticket(number) => {
                let cells = [format!("Go to ticket #{number}"), "-".to_owned(), "Tickets".to_owned()];
                table.row(Style::Strong, cells);
            }
            Line::Entry(entry) => {
                let off = entry.writes && desk.why_read_only().is_some();
                let (style, title) = match off {
                    true => (Style::Dim, format!("{} (off: read only)", entry.title)),
                    false => (Style::Plain, entry.title.to_owned()),
                };
                table.row(style, [title, key_words(entry), entry.at.name().to_owned()]);
            }
        }
    }
    let below = match found.get(palette.cursor.at) {
        Some(Line::Entry(entry)) => same_as(entry),
        Some(Line::Ticket(number)) => format!("same as: maildesk ticket show {number}"),
        None => "nothing is called so".into(),
    };
    let count = format!("{} of {}", found.len(), crate::action::all().count());
    let pane = Pane { title: "Command palette", right: &count, below: &below, focused: true };
    let inner = open(90, area.height.min(24), area, &pane, canvas);
    let list = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
    Grid { focused: true, bare: true, ..Grid::default() }.draw(&table, &palette.cursor, list, canvas);
    search(&palette.input, inner, canvas);
}

fn same_as(entry: &Entry) -> String {
    match entry.same_as {
        SameAs::Command(command) => format!("same as: {command}"),
        SameAs::Nothing(reason) => format!("no command: {reason}"),
    }
}

fn question(question: &Question, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let width = area.width.min(90);
    let text = page::rows(&question.page, usize::from(width.saturating_sub(4)));
    let height = u16::try_from(text).unwrap_or(u16::MAX).saturating_add(4);
    let pane = Pane { title: &question.title, focused: true, ..Pane::default() };
    let inner = open(width, height, area, &pane, canvas);
    let body =
        Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), height: inner.height.saturating_sub(2), ..inner };
    page::draw(&question.page, body, &question.scroll, canvas);
    let below = question.scroll.below();
    if below > 0 {
        canvas.text(row(inner, usize::from(inner.height) - 2), Style::Dim, &format!(" {below} lines below, PgDn"));
    }
    let last = row(inner, usize::from(inner.height.saturating_sub(1)));
    match &question.consent {
        Consent::Key => {
            let cancel = " [Cancel] ";
            canvas.line_on(last, &[Span::exact(Style::Strong, cancel)], canvas.look.selected());
            let from = u16::try_from(fit::width(cancel)).unwrap_or(0);
            canvas.text(crate::widget::canvas::right_of(last, from + 2), Style::Plain, &format!("y {}", question.yes));
            canvas.cursor(last.x + 1, last.y);
        }
        Consent::Count(count) => {
            let words = format!(" type {count} to {}: {}", question.yes, question.typed);
            let taken = canvas.line(last, &[Span::exact(Style::Strong, &words)]);
            canvas.cursor(last.x + taken, last.y);
        }
    }
}

fn prompt(prompt: &Prompt, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let pane = Pane { title: &prompt.label, focused: true, ..Pane::default() };
    let mut help = Page::default();
    help.line([Span::dim(&prompt.help)]);
    let inner = open(76, 5, area, &pane, canvas);
    page::draw(
        &help,
        Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner },
        &Default::default(),
        canvas,
    );
    search(&prompt.input, inner, canvas);
}
