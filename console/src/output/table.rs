//! Tables without borders, fit to the terminal.

use super::page::{Page, Span, Style};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Row, Width, presets};
use maildesk_core::text::clean_line;

/// What a column holds decides how it is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A number: right, never cut.
    Number(&'static str),
    /// A short word or time: left, never cut.
    Word(&'static str),
    /// A name beside the text that matters: left, gives way to it.
    Name(&'static str),
    /// Free text: left, cut where the terminal ends.
    Text(&'static str),
}

impl Column {
    pub fn title(self) -> &'static str {
        match self {
            Self::Number(title) | Self::Word(title) | Self::Name(title) | Self::Text(title) => title,
        }
    }
}

/// Rows of cleaned cells, each row with its style.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<(Style, Vec<String>)>,
}

/// Space between two columns.
const GAP: u16 = 2;

/// Names and free text keep at least this many columns, however narrow the terminal.
const NARROWEST: Width = Width::Fixed(8);

/// Names take at most this part of a terminal.
const WIDEST_NAME: Width = Width::Percentage(15);

/// Cells are cut between any two characters, not at words: this one never stands in a cleaned cell.
const NO_DELIMITER: char = '\u{1}';

impl Table {
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    /// Adds a row with a cell for each column, from anywhere: cells are cleaned here.
    pub fn row(&mut self, style: Style, cells: impl IntoIterator<Item = String>) {
        self.rows.push((style, cells.into_iter().map(|cell| clean_line(&cell)).collect()));
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Cleaned cells of each row, with its style.
    pub fn rows(&self) -> &[(Style, Vec<String>)] {
        &self.rows
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Puts the table on a page: cut to `width` columns, or whole where there is no width.
    pub fn add_to(&self, page: &mut Page, width: Option<usize>) {
        let laid_out = self.layout(width);
        let styles = std::iter::once(Style::Dim).chain(self.rows.iter().map(|(style, _)| *style));
        for (line, style) in laid_out.zip(styles) {
            page.line([Span::exact(style, line.trim_end())]);
        }
    }

    fn layout(&self, width: Option<usize>) -> impl Iterator<Item = String> {
        let mut table = comfy_table::Table::new();
        table.load_preset(presets::NOTHING).set_truncation_indicator("…").set_delimiter(NO_DELIMITER);
        table.set_header(one_line(self.columns.iter().map(|column| column.title().to_owned())));
        for (_, cells) in &self.rows {
            table.add_row(one_line(cells.iter().cloned()));
        }
        match width {
            Some(width) => {
                table.set_content_arrangement(ContentArrangement::Dynamic);
                table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
            }
            None => drop(table.set_content_arrangement(ContentArrangement::Disabled)),
        }
        let last = self.columns.len().saturating_sub(1);
        for (position, kind) in self.columns.iter().enumerate() {
            let Some(column) = table.column_mut(position) else { continue };
            column.set_padding((0, if position == last { 0 } else { GAP }));
            match kind {
                Column::Number(_) => {
                    column.set_cell_alignment(CellAlignment::Right);
                    column.set_constraint(ColumnConstraint::ContentWidth);
                }
                Column::Word(_) => drop(column.set_constraint(ColumnConstraint::ContentWidth)),
                Column::Name(_) | Column::Text(_) if width.is_none() => {}
                Column::Name(_) => {
                    column.set_constraint(ColumnConstraint::Boundaries { lower: NARROWEST, upper: WIDEST_NAME });
                }
                Column::Text(_) => drop(column.set_constraint(ColumnConstraint::LowerBoundary(NARROWEST))),
            }
        }
        table.lines().collect::<Vec<_>>().into_iter()
    }
}

fn one_line(cells: impl Iterator<Item = String>) -> Row {
    let mut row = Row::from(cells.collect::<Vec<String>>());
    row.max_height(1);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new([Column::Number("No"), Column::Word("Status"), Column::Text("Subject")]);
        table.row(Style::Plain, ["7".into(), "open".into(), "The printer on the third floor is on fire again".into()]);
        table
            .row(Style::Plain, ["1234".into(), "resolved".into(), "日本語の件名がとても長い場合はどうなるのか".into()]);
        table
    }

    fn shown(width: Option<usize>) -> Vec<String> {
        let mut page = Page::default();
        table().add_to(&mut page, width);
        page.to_text(false).lines().map(str::to_owned).collect()
    }

    #[test]
    fn whole_where_there_is_no_terminal() {
        let lines = shown(None);
        assert_eq!(lines[0], "  No  Status    Subject");
        assert_eq!(lines[1], "   7  open      The printer on the third floor is on fire again");
        assert!(lines[2].ends_with("どうなるのか"), "{lines:?}");
    }

    #[test]
    fn cut_to_the_terminal_with_one_line_for_each_row() {
        let lines = shown(Some(40));
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[1].chars().count() <= 40 && lines[1].ends_with('…'), "{lines:?}");
        assert!(lines[2].starts_with("1234  resolved  日本") && lines[2].ends_with('…'), "{lines:?}");
    }

    #[test]
    fn cells_are_cleaned() {
        let mut table = Table::new([Column::Text("Subject")]);
        table.row(Style::Plain, ["two\nlines \x1b[2J".into()]);
        let mut page = Page::default();
        table.add_to(&mut page, None);
        assert_eq!(page.to_text(true), "\x1b[2mSubject\x1b[0m\ntwo lines [2J\n");
    }
}
