//! One field of a form: what is in it, what may be in it, and what is wrong with it.

use crate::app::text::EditedText;
use maildesk_core::address::Address;
use serde_json::Value;
use std::fmt;

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Text,
    Address,
    Number,
    /// One of these words.
    Choice(Vec<String>),
    Toggle,
    /// Typed once, never shown; empty keeps what is there.
    Secret,
    /// `from_now`, `unread`, or a day.
    FirstImport,
}

/// A field and what is in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// Where it stands in the document: `server.host`.
    pub path: &'static str,
    pub label: &'static str,
    pub kind: Kind,
    pub required: bool,
    /// What it means, an example, what is usual.
    pub help: &'static str,
    pub input: EditedText,
    before: String,
    pub problem: Option<String>,
    /// It is not shown; what is in it counts all the same.
    pub hidden: bool,
}

/// A secret is typed into fields: what they hold is never printed.
impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field").field("path", &self.path).field("problem", &self.problem).finish_non_exhaustive()
    }
}

impl Field {
    pub fn new(path: &'static str, label: &'static str, kind: Kind, help: &'static str) -> Self {
        let (required, hidden, input, before, problem) = (false, false, EditedText::line(""), String::new(), None);
        Self { path, label, kind, required, help, input, before, problem, hidden }
    }

    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Takes what the document has.
    #[must_use]
    pub fn filled(mut self, document: &Value) -> Self {
        self.before = shown(at(document, self.path));
        if self.kind == Kind::Secret {
            self.before.clear();
        }
        self.input = EditedText::line(&self.before);
        self
    }

    /// Takes this as what was there before.
    #[must_use]
    pub fn holding(self, text: &str) -> Self {
        Self { before: text.to_owned(), input: EditedText::line(text), ..self }
    }

    pub fn text(&self) -> String {
        self.input.text()
    }

    pub fn is_changed(&self) -> bool {
        self.text() != self.before
    }

    pub fn revert(&mut self) {
        self.input = EditedText::line(&self.before);
        self.problem = None;
    }

    /// To the next choice; false where there is nothing to choose.
    pub fn next_choice(&mut self) -> bool {
        let now = self.text();
        let next = match &self.kind {
            Kind::Toggle => if now == "true" { "false" } else { "true" }.to_owned(),
            Kind::Choice(words) => {
                let at = words.iter().position(|word| *word == now).map_or(0, |at| at + 1);
                words.get(at % words.len().max(1)).cloned().unwrap_or_default()
            }
            _ => return false,
        };
        self.input = EditedText::line(&next);
        self.problem = None;
        true
    }

    /// Whether letters are typed into it.
    pub fn is_typed(&self) -> bool {
        !matches!(self.kind, Kind::Toggle | Kind::Choice(_))
    }

    /// What the document gets; absent where the field is empty.
    pub fn value(&self) -> Result<Option<Value>, String> {
        let text = self.text();
        let text = if self.kind == Kind::Secret { text.as_str() } else { text.trim() };
        if text.is_empty() {
            return if self.required { Err("is needed".into()) } else { Ok(None) };
        }
        Ok(Some(match &self.kind {
            Kind::Text | Kind::Choice(_) => text.into(),
            Kind::Address => {
                Address::parse(text).map_err(|problem| problem.to_string())?;
                text.into()
            }
            Kind::Number => text.parse::<u64>().map_err(|_| "must be a whole number".to_owned())?.into(),
            Kind::Toggle => (text == "true").into(),
            Kind::Secret => serde_json::json!({ "value": text }),
            Kind::FirstImport => match text {
                "from_now" | "unread" => text.into(),
                day => {
                    let wrong = |_| "must be from_now, unread, or a day such as 2026-03-01".to_owned();
                    day.parse::<jiff::civil::Date>().map_err(wrong)?;
                    serde_json::json!({ "since": day })
                }
            },
        }))
    }

    /// Notes what is wrong, if anything is.
    pub fn check(&mut self) {
        self.problem = self.value().err();
    }
}

/// What stands at a path of a document.
pub(super) fn at<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(document, |value, name| value.get(name))
}

/// Puts something at a path, or takes it out.
pub(super) fn put(document: &mut Value, path: &str, value: Option<Value>) {
    let Some(map) = document.as_object_mut() else { return };
    match (path.split_once('.'), value) {
        (Some((name, rest)), value) => {
            let inner = map.entry(name).or_insert_with(|| Value::Object(serde_json::Map::new()));
            put(inner, rest, value);
        }
        (None, Some(value)) => drop(map.insert(path.to_owned(), value)),
        (None, None) => drop(map.remove(path)),
    }
}

/// A value as a person edits it.
pub(super) fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        Some(Value::Object(map)) => map.get("since").and_then(Value::as_str).unwrap_or_default().to_owned(),
        Some(other) => other.to_string(),
    }
}
