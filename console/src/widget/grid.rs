//! A table as a screen shows it: columns fit to the room, the selected row, marks, the hardware cursor.

use super::canvas::{Canvas, right_of, row};
use super::fit;
use crate::app::cursor::Cursor;
use crate::output::{Column, Span, Style, Table};
use ratatui::layout::Rect;

/// Columns before the first cell: cursor and mark.
const GUTTER: u16 = 2;
/// Between two columns.
const GAP: usize = 2;
/// Free text keeps at least so much.
const NARROWEST: usize = 8;

/// How a table stands on the screen.
#[derive(Default)]
pub struct Grid<'a> {
    pub focused: bool,
    /// Which rows are marked.
    pub marked: Option<&'a dyn Fn(usize) -> bool>,
    /// Without the line of titles.
    pub bare: bool,
    /// Nothing can be selected in it.
    pub only_looked_at: bool,
}

impl Grid<'_> {
    pub fn draw(&self, table: &Table, cursor: &Cursor, area: Rect, canvas: &mut Canvas<'_, '_>) {
        let room = usize::from(area.width.saturating_sub(GUTTER));
        let widths = widths(table, room);
        let mut area = area;
        if !self.bare {
            let titles = table.columns().iter().map(|column| column.title().to_uppercase()).collect::<Vec<_>>();
            let titles = line(table.columns(), &titles, &widths);
            canvas.line(right_of(row(area, 0), GUTTER), &[Span::exact(Style::Dim, &titles)]);
            area = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
        }
        let height = usize::from(area.height);
        let top = cursor.window(table.rows().len(), height);
        for (index, (style, cells)) in table.rows().iter().enumerate().skip(top).take(height) {
            let at = row(area, index - top);
            let selected = index == cursor.at && self.focused;
            let sign = if index == cursor.at && !self.only_looked_at { "▸" } else { " " };
            let mark = if self.marked.is_some_and(|marked| marked(index)) { "*" } else { " " };
            let text = fit::exactly(&line(table.columns(), cells, &widths), room, false);
            let on = if selected { canvas.look.selected() } else { ratatui::style::Style::new() };
            canvas.line_on(at, &[Span::exact(*style, &format!("{sign}{mark}{text}"))], on);
            if selected {
                canvas.cursor(at.x, at.y);
            }
        }
    }
}

fn line(columns: &[Column], cells: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for ((column, cell), width) in columns.iter().zip(cells).zip(widths) {
        if !text.is_empty() {
            text.push_str(&" ".repeat(GAP));
        }
        text.push_str(&fit::exactly(cell, *width, matches!(column, Column::Number(_))));
    }
    text.trim_end().to_owned()
}

/// Columns that are never cut first; names and texts share the rest, each no more than it needs.
fn widths(table: &Table, room: usize) -> Vec<usize> {
    let columns = table.columns();
    let natural: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let cells = table.rows().iter().filter_map(|(_, cells)| cells.get(index));
            cells.map(|cell| fit::width(cell)).chain([fit::width(column.title())]).max().unwrap_or(0)
        })
        .collect();
    let gaps = GAP * columns.len().saturating_sub(1);
    if natural.iter().sum::<usize>() + gaps <= room {
        return natural;
    }
    let stiff = |column: &Column| matches!(column, Column::Number(_) | Column::Word(_));
    let pairs = || columns.iter().zip(&natural);
    let fixed: usize = pairs().filter(|(column, _)| stiff(column)).map(|(_, width)| width).sum();
    let mut left = room.saturating_sub(fixed + gaps);
    let mut widths = natural.clone();
    // The narrowest first, so that what one does not need goes to the others; names take a smaller share.
    let weight = |column: &Column| if matches!(column, Column::Name(_)) { 2 } else { 3 };
    let mut flexible: Vec<usize> =
        (0..columns.len()).filter(|index| columns.get(*index).is_some_and(|c| !stiff(c))).collect();
    flexible.sort_by_key(|index| natural.get(*index).copied().unwrap_or(0));
    let mut weights: usize = flexible.iter().filter_map(|index| columns.get(*index)).map(weight).sum();
    for index in flexible {
        let (Some(column), Some(need), Some(width)) = (columns.get(index), natural.get(index), widths.get_mut(index))
        else {
            continue;
        };
        let share = (left * weight(column)).checked_div(weights).unwrap_or(left);
        *width = (*need).min(share.max(NARROWEST.min(left)));
        left = left.saturating_sub(*width);
        weights -= weight(column);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table =
            Table::new([Column::Number("No"), Column::Word("State"), Column::Text("Subject"), Column::Name("Contact")]);
        let cells = ["7", "open", "the printer on floor two is on fire again", "ann@acme.example"];
        table.row(Style::Plain, cells.map(str::to_owned));
        table
    }

    #[test]
    fn words_stay_whole_and_texts_share_the_rest() {
        assert_eq!(widths(&table(), 80), [2, 5, 41, 16]);
        assert_eq!(widths(&table(), 50), [2, 5, 23, 14]);
        let narrow = widths(&table(), 30);
        assert_eq!(narrow[..2], [2, 5]);
        assert!(narrow.iter().sum::<usize>() + 6 <= 30, "{narrow:?}");
        assert!(widths(&table(), 3).len() == 4);
    }
}
