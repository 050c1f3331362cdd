//! Variables and their values.

use super::Escape;
use super::engine::{SAFE_HTML, TIME};
use crate::mail::SourceHtml;
use crate::notification::dates::{Reader, forms};
use crate::notification::text_to_html;
use crate::text::{clean_block, clean_line};
use jiff::Timestamp;
use std::collections::BTreeMap;
use upon::Value;

/// A variable that a template may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Path with dots, such as `ticket.number`.
    pub name: &'static str,
    /// What it stands for, as shown beside the template editor.
    pub meaning: &'static str,
    pub example: &'static str,
    /// Templates should have a `default` or an `if` for it.
    pub may_be_empty: bool,
    pub kind: VariableKind,
}

/// What form a variable's value has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VariableKind {
    /// One line of text.
    Line,
    /// Text with paragraphs; in HTML it becomes paragraphs, escaped.
    Block,
    /// Lines for `{% for %}`. The example's lines are apart by commas.
    List,
    /// A moment, told in the reader's zone and language; `date` chooses another form.
    Time,
}

/// Longest list that `{% for %}` goes through; the rest is left out.
const LONGEST_LIST: usize = 100;

/// Values to fill in. Each is made safe when it is used: it cannot leave its place in the mail.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Values {
    reader: Reader,
    given: BTreeMap<String, Given>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Given {
    Text(String),
    List(Vec<String>),
    Time(Timestamp),
    /// A body of a mail: its HTML, sanitised, and its text.
    Rich {
        html: String,
        text: String,
    },
}

impl Values {
    /// For a reader of English whose clock shows UTC.
    pub fn new() -> Self {
        Self::default()
    }

    pub fn for_reader(reader: Reader) -> Self {
        Self { reader, given: BTreeMap::new() }
    }

    /// Sets a line or block.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.given.insert(name.to_owned(), Given::Text(value.into()));
        self
    }

    /// Sets a list.
    #[must_use]
    pub fn with_list(mut self, name: &str, values: impl IntoIterator<Item = String>) -> Self {
        self.given.insert(name.to_owned(), Given::List(values.into_iter().take(LONGEST_LIST).collect()));
        self
    }

    /// Sets a time.
    #[must_use]
    pub fn with_time(mut self, name: &str, at: Timestamp) -> Self {
        self.given.insert(name.to_owned(), Given::Time(at));
        self
    }

    /// Sets a block to the body of a mail: in HTML its HTML, sanitised; elsewhere its text.
    #[must_use]
    pub fn with_body(mut self, name: &str, html: &SourceHtml, text: impl Into<String>) -> Self {
        let html = html.sanitised().replace(['\u{1}', '\u{2}', SAFE_HTML, TIME], " ");
        self.given.insert(name.to_owned(), Given::Rich { html, text: text.into() });
        self
    }

    /// Takes what `over` has in place of what is here, and its reader.
    #[must_use]
    pub fn overlaid(mut self, over: Self) -> Self {
        self.given.extend(over.given);
        self.reader = over.reader;
        self
    }

    /// The examples of the variables for this reader.
    #[must_use]
    pub fn examples_for(known: &[Variable], reader: Reader) -> Self {
        Self { reader, ..Self::examples(known) }
    }

    /// The examples of the variables: for previews and for checking templates.
    pub fn examples(known: &[Variable]) -> Self {
        known.iter().fold(Self::new(), |values, variable| match variable.kind {
            VariableKind::List => {
                values.with_list(variable.name, variable.example.split(',').map(|line| line.trim().to_owned()))
            }
            VariableKind::Time => match variable.example.parse() {
                Ok(at) => values.with_time(variable.name, at),
                Err(_) => values,
            },
            VariableKind::Line | VariableKind::Block => values.with(variable.name, variable.example),
        })
    }

    /// Examples, but empty wherever that is allowed.
    pub(super) fn emptiest(known: &[Variable]) -> Self {
        let mut values = Self::examples(known);
        for variable in known.iter().filter(|v| v.may_be_empty) {
            values.given.remove(variable.name);
        }
        values
    }

    /// The tree of maps that upon looks names up in.
    pub(super) fn context(&self, escape: Escape, known: &[(&'static str, VariableKind)]) -> Value {
        let mut root = BTreeMap::new();
        for (name, kind) in known {
            let value = match (self.given.get(*name), kind) {
                (Some(Given::List(lines)), VariableKind::List) => {
                    Value::List(lines.iter().map(|line| Value::String(clean_line(line))).collect())
                }
                (Some(Given::Text(text)), VariableKind::Line) => Value::String(clean_line(text)),
                (Some(Given::Text(text)), VariableKind::Block) => Value::String(block(text, escape)),
                (Some(Given::Rich { html, .. }), VariableKind::Block) if escape == Escape::Html => {
                    Value::String(format!("{SAFE_HTML}<div dir=\"auto\" style=\"margin:0 0 1em\">{html}</div>\n"))
                }
                (Some(Given::Rich { text, .. }), VariableKind::Block) => Value::String(block(text, escape)),
                (Some(Given::Time(at)), VariableKind::Time) => Value::String(
                    forms(*at, &self.reader).iter().fold(String::new(), |all, form| format!("{all}{TIME}{form}")),
                ),
                (_, VariableKind::List) => Value::List(Vec::new()),
                _ => Value::String(String::new()),
            };
            insert(&mut root, name, value);
        }
        Value::Map(root)
    }
}

fn block(text: &str, escape: Escape) -> String {
    match escape {
        Escape::Html if text.trim().is_empty() => String::new(),
        Escape::Html => format!("{SAFE_HTML}{}", text_to_html(text)),
        Escape::Text | Escape::Subject => clean_block(text),
    }
}

fn insert(map: &mut BTreeMap<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            map.insert(path.to_owned(), value);
        }
        Some((head, tail)) => {
            let inner = map.entry(head.to_owned()).or_insert_with(|| Value::Map(BTreeMap::new()));
            if let Value::Map(inner) = inner {
                insert(inner, tail, value);
            }
        }
    }
}
