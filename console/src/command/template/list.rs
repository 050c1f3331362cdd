//! Templates as they stand: the list, one version, the history, the variables.

use super::Which;
use crate::command::Session;
use crate::failure::Failure;
use crate::output::time::{both, relative};
use crate::output::{Column, Page, Span, Style, Table};
use jiff::Timestamp;
use maildesk_core::notification::{Kind, Variable, VariableKind, variables};
use maildesk_core::rpc::{TemplateRow, TemplateStamp, TemplateVersion};
use serde::Serialize;

pub(super) async fn list(session: &mut Session<'_>) -> Result<(), Failure> {
    let rows = session.client().await?.templates().await?;
    if session.output.json() {
        return session.output.answer("maildesk.template.list/1", &rows, None);
    }
    let clock = session.output.clock().clone();
    let table = table(rows.iter(), &|at| relative(at, &clock));
    session.output.table(&table, "There are no templates.")
}

/// The list as people read it; `when` says how its times are told.
pub(crate) fn table<'a>(rows: impl Iterator<Item = &'a TemplateRow>, when: &dyn Fn(Timestamp) -> String) -> Table {
    let mut table = Table::new([
        Column::Word("Kind"),
        Column::Word("Lang"),
        Column::Word("Counts"),
        Column::Word("Rev"),
        Column::Word("Changed"),
        Column::Name("By"),
        Column::Text("Note"),
    ]);
    for row in rows {
        let stamp = row.saved.as_ref();
        let cells = [
            row.kind.to_string(),
            row.language.to_string(),
            if row.is_own() { "saved".into() } else { "built-in".into() },
            stamp.map_or_else(|| "-".into(), |stamp| stamp.revision.to_string()),
            stamp.map_or_else(|| "-".into(), |stamp| when(stamp.at)),
            stamp.map_or_else(|| "-".into(), |stamp| stamp.by.clone()),
            note(row),
        ];
        let style = match (row.problems, row.builtin_changed, row.is_own()) {
            (1.., ..) => Style::Bad,
            (_, true, _) => Style::Attention,
            (_, _, true) => Style::Strong,
            _ => Style::Plain,
        };
        table.row(style, cells);
    }
    table
}

fn note(row: &TemplateRow) -> String {
    let mut notes = Vec::new();
    if row.problems > 0 {
        notes.push("has problems: not used".to_owned());
    }
    if row.builtin_changed {
        notes.push("built-in is newer".to_owned());
    }
    if let Some(draft) = &row.draft {
        notes.push(format!("draft of {}", draft.by));
    }
    notes.join("; ")
}

pub(super) async fn show(which: Which, version: TemplateVersion, session: &mut Session<'_>) -> Result<(), Failure> {
    let source = session.client().await?.template_source(which.kind, which.language, version).await?;
    if session.output.json() {
        return session.output.answer("maildesk.template.show/1", &source, None);
    }
    session.output.own_text(&source.to_document())
}

pub(super) async fn history(which: Which, session: &mut Session<'_>) -> Result<(), Failure> {
    let view = session.client().await?.template(which.kind, which.language).await?;
    if session.output.json() {
        return session.output.answer("maildesk.template.history/1", &view.history, None);
    }
    let clock = session.output.clock().clone();
    let mut page = Page::default();
    if view.history.is_empty() {
        page.line([Span::dim(format!("Nobody has saved {which}: the built-in template counts."))]);
    }
    for TemplateStamp { revision, at, by, reset } in &view.history {
        let what = if *reset { "back to the built-in one" } else { "saved" };
        page.line([
            Span::strong(revision.to_string()),
            Span::plain(format!("{what} by {by}")),
            Span::dim(both(*at, &clock)),
        ]);
    }
    session.output.page(&page)
}

/// A variable for scripts.
#[derive(Serialize)]
struct VariableJson {
    name: &'static str,
    meaning: &'static str,
    example: &'static str,
    may_be_empty: bool,
    form: &'static str,
}

pub(super) fn variables_of(kind: Kind, session: &mut Session<'_>) -> Result<(), Failure> {
    variables_table(variables(kind), "maildesk.template.variables/1", session)
}

/// Variables with their meanings and examples.
pub(crate) fn variables_table(
    known: &[Variable],
    schema: &'static str,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let all = known.iter().map(|variable| VariableJson {
        name: variable.name,
        meaning: variable.meaning,
        example: variable.example,
        may_be_empty: variable.may_be_empty,
        form: match variable.kind {
            VariableKind::Line => "line",
            VariableKind::Block => "paragraphs",
            VariableKind::List => "list",
            VariableKind::Time => "time",
        },
    });
    let all: Vec<VariableJson> = all.collect();
    if session.output.json() {
        return session.output.answer(schema, &all, None);
    }
    let mut table = Table::new([
        Column::Word("Name"),
        Column::Word("Form"),
        Column::Word("Empty"),
        Column::Text("Meaning"),
        Column::Text("Example"),
    ]);
    for variable in all {
        let empty = if variable.may_be_empty { "perhaps" } else { "never" };
        let cells = [
            format!("${}", variable.name),
            variable.form.into(),
            empty.into(),
            variable.meaning.into(),
            variable.example.into(),
        ];
        table.row(Style::Plain, cells);
    }
    session.output.table(&table, "There are no variables.")
}
