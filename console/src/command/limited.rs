//! What `maildesk suppression` and `maildesk block` share: a list of whom something holds for a time, and why.

use super::Session;
use crate::client::ClientError;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::output::time::relative;
use crate::output::{Column, Page, Span, Style, Table};
use clap::Args;
use jiff::Timestamp;

/// Why, and for how long.
#[derive(Debug, Args)]
pub struct Why {
    /// Why, for those who wonder later
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// For how many days; without it, until it is removed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub days: Option<u32>,
}

/// One line of such a list.
pub(crate) struct Line {
    pub(crate) who: String,
    pub(crate) since: Timestamp,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) reason: String,
}

/// Every row of a list whose cursor is a text.
pub(super) async fn every<T>(
    fetch: impl AsyncFn(Option<String>) -> Result<(Vec<T>, Option<String>), ClientError>,
) -> Result<Vec<T>, ClientError> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let (part, next) = fetch(after).await?;
        rows.extend(part);
        after = next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

/// The table; lines whose time is over are dim.
pub(super) fn table(
    title: &'static str,
    lines: impl Iterator<Item = Line>,
    empty: &str,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let table = lines_table(title, lines, session.output.clock());
    session.output.table(&table, empty)
}

/// The lines of such a list.
pub(crate) fn lines_table(title: &'static str, lines: impl Iterator<Item = Line>, clock: &Clock) -> Table {
    let mut table =
        Table::new([Column::Text(title), Column::Word("Since"), Column::Word("Expires"), Column::Text("Reason")]);
    for line in lines {
        let style = if line.expires.is_none_or(|at| clock.now < at) { Style::Plain } else { Style::Dim };
        let expires = line.expires.map_or("never".into(), |at| relative(at, clock));
        table.row(style, [line.who, relative(line.since, clock), expires, line.reason]);
    }
    table
}

/// Says what is now so with whom.
pub(super) fn told(who: &str, what: &str, session: &mut Session<'_>) -> Result<(), Failure> {
    let mut page = Page::default();
    page.line([Span::strong(who), Span::plain(what)]);
    session.output.page(&page)
}
