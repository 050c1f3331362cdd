//! Macros as a TOML document: `[[macro]]` tables, each with the revision that it was when it was written out.

use super::{Macro, MacroStatus, check};
use crate::ids::Revision;
use crate::settings::{FieldProblem, MacroName, document_list, document_table};
use crate::ticket::Priority;
use serde::Serialize;
use toml::{Table, Value};

/// One macro of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacroEntry {
    /// Saved only if it is still this one; absent: whatever it is.
    pub revision: Option<Revision>,
    pub content: Macro,
}

/// As it is written: what is absent has no line.
#[derive(Serialize)]
struct Written<'a> {
    name: &'a MacroName,
    revision: Option<Revision>,
    status: Option<MacroStatus>,
    tell: Option<bool>,
    priority: Option<Priority>,
    add_tags: Option<&'a [String]>,
    remove_tags: Option<&'a [String]>,
    assign: Option<&'a str>,
    reply: Option<&'a str>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "macro")]
    macros: Vec<Written<'a>>,
}

/// The document as text.
///
/// # Errors
/// None for macros that [`check`] takes.
pub fn to_toml(macros: &[MacroEntry]) -> Result<String, toml::ser::Error> {
    toml::to_string_pretty(&Document { macros: macros.iter().map(written).collect() })
}

fn some(tags: &[String]) -> Option<&[String]> {
    Some(tags).filter(|tags| !tags.is_empty())
}

fn written(entry: &MacroEntry) -> Written<'_> {
    let MacroEntry { revision, content } = entry;
    Written {
        name: &content.name,
        revision: *revision,
        status: content.status,
        tell: Some(true).filter(|_| content.tell),
        priority: content.priority,
        add_tags: some(&content.add_tags),
        remove_tags: some(&content.remove_tags),
        assign: content.assign.as_deref(),
        reply: content.reply.as_deref(),
        note: content.note.as_deref(),
    }
}

/// Reads and checks a document.
///
/// # Errors
/// Every problem, by macro and field; with one, nothing is taken.
pub fn from_toml(text: &str) -> Result<Vec<MacroEntry>, Vec<FieldProblem>> {
    let mut table = document_table(text)?;
    let mut problems = Vec::new();
    if table.get("macro").is_none() {
        problems.push(FieldProblem::new("macro", "is not in the document", "write each macro as [[macro]]"));
    }
    let tables: Vec<Table> = document_list(table.remove("macro"), "macro", &mut problems);
    for unknown in table.keys() {
        problems.push(FieldProblem::new(unknown, "is not a section", "write each macro as [[macro]]"));
    }
    let mut entries = Vec::with_capacity(tables.len());
    for (table, position) in tables.into_iter().zip(1..) {
        match entry(table, position) {
            Ok(entry) => entries.push(entry),
            Err(problem) => problems.push(problem),
        }
    }
    for (position, entry) in entries.iter().enumerate() {
        problems.extend(check(&entry.content).err().into_iter().flatten());
        if entries.iter().take(position).any(|earlier| earlier.content.name == entry.content.name) {
            let field = format!("macro \"{}\"", entry.content.name);
            problems.push(FieldProblem::new(field, "stands there twice", "leave one of them out"));
        }
    }
    if problems.is_empty() { Ok(entries) } else { Err(problems) }
}

fn entry(mut table: Table, position: usize) -> Result<MacroEntry, FieldProblem> {
    let label = match table.get("name").and_then(Value::as_str) {
        Some(name) => format!("macro \"{}\"", crate::text::clean_line(name)),
        None => format!("macro no. {position}"),
    };
    let revision = match table.remove("revision") {
        None => None,
        Some(Value::Integer(number)) if number >= 0 => Some(Revision(number.unsigned_abs())),
        Some(_) => {
            let remedy = "write the number that maildesk macro list shows, or leave it out";
            return Err(FieldProblem::new(format!("{label}: revision"), "is no revision", remedy));
        }
    };
    let content = Value::Table(table).try_into::<Macro>().map_err(|error| {
        let words = crate::text::clean_line(&error.to_string());
        FieldProblem::new(label, words, "maildesk macro show NAME prints one as it is written")
    })?;
    Ok(MacroEntry { revision, content })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::macros::{MacroName, MacroStatus};

    #[test]
    fn a_document_reads_back_equal() {
        let full = Macro {
            reply: Some("Hello,\n\n\"it\" is on its way: $$ 5 \\o/\n".into()),
            note: Some("sent".into()),
            status: Some(MacroStatus::Resolved),
            tell: true,
            priority: Some(crate::ticket::Priority::Low),
            add_tags: vec!["shipped".into()],
            remove_tags: vec!["waits".into()],
            assign: Some("nobody".into()),
            ..Macro::new(MacroName::parse("shipped").unwrap())
        };
        let least = Macro { assign: Some("me".into()), ..Macro::new(MacroName::parse("mine").unwrap()) };
        let all =
            [MacroEntry { revision: Some(Revision(4)), content: full }, MacroEntry { revision: None, content: least }];
        let text = to_toml(&all).unwrap();
        assert_eq!(from_toml(&text).unwrap(), all, "{text}");
    }

    #[test]
    fn slips_are_named_by_macro_and_field() {
        let said = |text: &str| {
            let found = from_toml(text).unwrap_err();
            found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        for (text, want) in [
            ("", "macro: is not in the document"),
            ("[[macro]]\nname = \"a\"\nreplay = \"x\"\n", "macro \"a\": "),
            ("[[macro]]\nname = \"A b\"\nreply = \"x\"\n", "must be 1 to 40 of a-z"),
            ("[[macro]]\nname = \"a\"\nstatus = \"gone\"\n", "unknown variant `gone`"),
            ("[[macro]]\nname = \"a\"\nreply = \"$tickt\"\n", "reply, line 1, column 1: unknown variable"),
            ("[[macro]]\nname = \"a\"\nnote = \"x\"\n[[macro]]\nname = \"a\"\nnote = \"y\"\n", "stands there twice"),
            ("[other]\n[[macro]]\nname = \"a\"\nnote = \"x\"\n", "other: is not a section"),
            ("[macro]\nname = \"a\"\n", "is one table; write [[macro]]"),
        ] {
            assert!(said(text).contains(want), "{text}: {}", said(text));
        }
    }
}
