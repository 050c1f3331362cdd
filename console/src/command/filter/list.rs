//! The rules as they run, with what each came to.

use super::{Session, not_there};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::json::filter::Rule;
use crate::output::time::{both, relative};
use crate::output::{Column, Page, Span, Style, Table};
use maildesk_core::filter::{Filter, Shadowed, to_toml, words};
use maildesk_core::rpc::FilterHits;
use maildesk_core::settings::FilterName;

pub(super) async fn list(session: &mut Session<'_>) -> Result<(), Failure> {
    let view = session.client().await?.filters().await?;
    let warnings: Vec<String> = view.shadowed.iter().map(shadowed_words).collect();
    if session.output.json() {
        let rules: Vec<Rule> = view.rows.into_iter().map(Rule::from).collect();
        return session.output.answer_with("maildesk.filter.list/1", &rules, None, &warnings);
    }
    let clock = session.output.clock().clone();
    let table = table(view.rows.iter().map(|row| (&row.filter, Some(row.hits))), &view.shadowed, &clock);
    let mut page = Page::default();
    session.output.add_table(&mut page, &table, "There is no filter; maildesk filter preset list shows some.");
    add_warnings(&mut page, &warnings);
    session.output.page(&page)
}

/// The rules in their order; hits are absent for rules that are not saved yet.
pub(crate) fn table<'a>(
    rows: impl Iterator<Item = (&'a Filter, Option<FilterHits>)>,
    shadowed: &[Shadowed],
    clock: &Clock,
) -> Table {
    let mut table = Table::new([
        Column::Number("No"),
        Column::Word("Filter"),
        Column::Word("State"),
        Column::Number("Hits"),
        Column::Word("Last"),
        Column::Text("When"),
        Column::Text("Then"),
    ]);
    for (position, (filter, hits)) in rows.enumerate() {
        let is_shadowed = shadowed.iter().any(|shadowed| shadowed.filter == filter.name);
        let (state, style) = match (filter.enabled, is_shadowed) {
            (false, _) => ("off", Style::Dim),
            (true, true) => ("shadowed", Style::Attention),
            (true, false) => ("on", Style::Plain),
        };
        let cells = [
            (position + 1).to_string(),
            filter.name.to_string(),
            state.to_owned(),
            hits.map_or("-".into(), |hits| hits.count.to_string()),
            hits.and_then(|hits| hits.last).map(|at| relative(at, clock)).unwrap_or_else(|| "never".into()),
            words::when(filter),
            words::then(&filter.then),
        ];
        table.row(style, cells);
    }
    table
}

pub(super) async fn show(name: &FilterName, session: &mut Session<'_>) -> Result<(), Failure> {
    let view = session.client().await?.filters().await?;
    let found = view.rows.into_iter().enumerate().find(|(_, row)| row.filter.name == *name);
    let (position, row) = found.ok_or_else(|| not_there(name))?;
    let warnings: Vec<String> = view.shadowed.iter().filter(|one| one.filter == *name).map(shadowed_words).collect();
    if session.output.json() {
        return session.output.answer_with("maildesk.filter.show/1", &Rule::from(row), None, &warnings);
    }
    let clock = session.output.clock().clone();
    let mut page = Page::default();
    let mail = row.hits.mail.map(|mail| format!(", mail {mail}")).unwrap_or_default();
    let last = row.hits.last.map(|at| format!("; last {}{mail}", both(at, &clock))).unwrap_or_default();
    page.line([Span::dim(format!("# no. {}, matched {} mails{last}", position + 1, row.hits.count))]);
    for line in to_toml(std::slice::from_ref(&row.filter)).lines() {
        page.line([Span::exact(Style::Plain, line)]);
    }
    add_warnings(&mut page, &warnings);
    session.output.page(&page)
}

pub(crate) fn shadowed_words(shadowed: &Shadowed) -> String {
    format!("filter {} can never act: {} always ends the run before it", shadowed.filter, shadowed.by)
}

pub(crate) fn add_warnings(page: &mut Page, warnings: &[String]) {
    for warning in warnings {
        page.line([Span::new(Style::Attention, format!("! {warning}"))]);
    }
}
