//! Macros as lists and documents.

use super::Session;
use crate::command::template::list::variables_table;
use crate::failure::Failure;
use crate::json::macros::Saved;
use crate::output::{Column, Style, Table};
use maildesk_core::macros::{Macro, MacroEntry, MacroName, to_toml};
use maildesk_core::notification::macro_variables;

pub(super) async fn list(session: &mut Session<'_>) -> Result<(), Failure> {
    let all = session.client().await?.all_macros().await?;
    if session.output.json() {
        let all: Vec<Saved> = all.into_iter().map(Saved::from).collect();
        return session.output.answer("maildesk.macro.list/1", &all, None);
    }
    let mut table = Table::new([
        Column::Word("Name"),
        Column::Number("Rev"),
        Column::Word("Saved by"),
        Column::Text("Does"),
        Column::Text("Answers"),
    ]);
    for saved in &all {
        let first = saved.content.reply.as_deref().and_then(|text| text.lines().find(|line| !line.trim().is_empty()));
        let cells = [
            saved.content.name.to_string(),
            saved.revision.to_string(),
            saved.by.clone(),
            does(&saved.content),
            first.unwrap_or("-").to_owned(),
        ];
        table.row(Style::Plain, cells);
    }
    session.output.table(&table, "No macros yet; maildesk macro set NAME --reply TEXT makes one.")
}

/// What it does beside writing, in short.
pub(crate) fn does(content: &Macro) -> String {
    let tell = if content.tell { " and told" } else { "" };
    let status = content.status.map(|status| format!("{}{tell}", status.word()));
    let priority = content.priority.map(|priority| format!("priority {}", priority.word()));
    let assign = content.assign.as_ref().map(|name| format!("to {name}"));
    let note = content.note.as_ref().map(|_| "note".to_owned());
    let add = content.add_tags.iter().map(|tag| format!("+{tag}"));
    let remove = content.remove_tags.iter().map(|tag| format!("-{tag}"));
    let all = [note, status, priority, assign].into_iter().flatten().chain(add).chain(remove);
    let words = all.collect::<Vec<_>>().join(", ");
    if words.is_empty() { "-".into() } else { words }
}

pub(super) async fn show(name: MacroName, session: &mut Session<'_>) -> Result<(), Failure> {
    let saved = session.client().await?.macro_saved(name).await?;
    if session.output.json() {
        return session.output.answer("maildesk.macro.show/1", &Saved::from(saved), None);
    }
    session.output.bytes(document(&[MacroEntry { revision: Some(saved.revision), content: saved.content }])?.as_bytes())
}

/// The document of these macros.
pub(super) fn document(entries: &[MacroEntry]) -> Result<String, Failure> {
    to_toml(entries).map_err(|error| Failure::Damaged { name: "a macro".into(), problem: error.to_string() })
}

pub(super) fn variables(session: &mut Session<'_>) -> Result<(), Failure> {
    variables_table(macro_variables(), "maildesk.macro.variables/1", session)
}
