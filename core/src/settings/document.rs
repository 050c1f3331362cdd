//! Settings as a TOML document, with every problem named by its field.

use super::{Agent, Desk, Judging, LoopGuard, Mailbox, Retention, Sender, Settings, Storage, validate};
use crate::filter::Filter;
use crate::sla::{BusinessCalendar, Policy, Sla};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fmt;
use toml::{Table, Value};

/// What is wrong with one field, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// As a person finds it in the document: `mailbox "support": server.port`.
    pub field: String,
    pub problem: String,
    pub remedy: String,
}

impl FieldProblem {
    pub(crate) fn new(field: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.field, self.problem, self.remedy)
    }
}

/// The document as text. Secrets stand as `"sealed"` or as the name of a credential. Lists without a section are left
/// out: TOML would not let anybody write their first section below an empty list.
pub fn to_toml(settings: &Settings) -> Result<String, toml::ser::Error> {
    let Settings { desk, sender, mailbox, agents, filter, loops, judging, retention, sla, storage } = settings;
    let sla = Levels { policy: &sla.policy, calendar: &sla.calendar };
    let sla = Some(sla).filter(|sla| !sla.policy.is_empty() || !sla.calendar.is_empty());
    let document = Document { desk, sender, mailbox, agents, filter, loops, judging, retention, sla, storage };
    toml::to_string_pretty(&document)
}

/// [`Settings`] as they are written.
#[derive(Serialize)]
struct Document<'a> {
    desk: &'a Desk,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    sender: &'a [Sender],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mailbox: &'a [Mailbox],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    agents: &'a [Agent],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    filter: &'a [Filter],
    loops: &'a LoopGuard,
    judging: &'a Judging,
    retention: &'a Retention,
    #[serde(skip_serializing_if = "Option::is_none")]
    sla: Option<Levels<'a>>,
    storage: &'a Storage,
}

/// [`Sla`] as it is written.
#[derive(Serialize)]
struct Levels<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    policy: &'a [Policy],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    calendar: &'a [BusinessCalendar],
}

/// Reads and checks the rules of a document; its other sections are not looked at.
///
/// # Errors
/// Every problem of the rules, and that of a document that is not TOML.
pub fn filters_from_toml(text: &str) -> Result<Vec<Filter>, Vec<FieldProblem>> {
    let mut table = table(text)?;
    let mut problems = Vec::new();
    if table.get("filter").is_none() {
        problems.push(FieldProblem::new("filter", "is not in the document", "write each rule as [[filter]]"));
    }
    let filters = list(table.remove("filter"), "filter", &mut problems);
    if problems.is_empty()
        && let Err(found) = crate::filter::compile(&filters)
    {
        problems = found;
    }
    if problems.is_empty() { Ok(filters) } else { Err(problems) }
}

pub(crate) fn table(text: &str) -> Result<Table, Vec<FieldProblem>> {
    text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(0, |span| text.bytes().take(span.start).filter(|b| *b == b'\n').count() + 1);
        vec![FieldProblem::new(format!("line {line}"), error.message(), "the document must be TOML")]
    })
}

/// Reads and validates a document. All problems are listed, not only the first; with one problem nothing is taken.
pub fn from_toml(text: &str) -> Result<Settings, Vec<FieldProblem>> {
    let mut table = table(text)?;
    let mut problems = Vec::new();
    let settings = Settings {
        desk: section(table.remove("desk"), "desk", &mut problems).unwrap_or_default(),
        sender: list(table.remove("sender"), "sender", &mut problems),
        mailbox: list(table.remove("mailbox"), "mailbox", &mut problems),
        agents: list(table.remove("agents"), "agents", &mut problems),
        filter: list(table.remove("filter"), "filter", &mut problems),
        loops: section(table.remove("loops"), "loops", &mut problems).unwrap_or_default(),
        retention: section(table.remove("retention"), "retention", &mut problems).unwrap_or_default(),
        judging: section(table.remove("judging"), "judging", &mut problems).unwrap_or_default(),
        sla: service_levels(table.remove("sla"), &mut problems),
        storage: section(table.remove("storage"), "storage", &mut problems).unwrap_or_default(),
    };
    for unknown in table.keys() {
        problems.push(FieldProblem::new(
            unknown,
            "is not a section",
            "sections are desk, sender, mailbox, agents, filter, loops, sla, judging, retention, storage",
        ));
    }
    // Cross-checks of a half-read document would blame fields that are right.
    if problems.is_empty() {
        problems = validate(&settings);
    }
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

/// Read part by part, so that each policy and calendar with a problem is named.
fn service_levels(value: Option<Value>, problems: &mut Vec<FieldProblem>) -> Sla {
    let Some(mut table) = section::<Table>(value, "sla", problems) else { return Sla::default() };
    let policy = list(table.remove("policy"), "sla.policy", problems);
    let calendar = list(table.remove("calendar"), "sla.calendar", problems);
    for unknown in table.keys() {
        let remedy = "write [[sla.policy]] and [[sla.calendar]]";
        problems.push(FieldProblem::new(format!("sla.{unknown}"), "is not a section", remedy));
    }
    Sla { policy, calendar }
}

fn section<T: DeserializeOwned>(value: Option<Value>, name: &str, problems: &mut Vec<FieldProblem>) -> Option<T> {
    match value?.try_into() {
        Ok(read) => Some(read),
        Err(error) => {
            problems.push(unreadable(name.to_owned(), &error));
            None
        }
    }
}

pub(crate) fn list<T: DeserializeOwned>(value: Option<Value>, name: &str, problems: &mut Vec<FieldProblem>) -> Vec<T> {
    let items = match value {
        None => return Vec::new(),
        Some(Value::Array(items)) => items,
        Some(_) => {
            problems.push(FieldProblem::new(name, "is one table", format!("write [[{name}]]: there can be several")));
            return Vec::new();
        }
    };
    let mut read = Vec::new();
    for (position, item) in items.into_iter().enumerate() {
        let label = match item.get("name").and_then(Value::as_str) {
            Some(given) => format!("{name} \"{}\"", crate::text::clean_line(given)),
            None => format!("{name} no. {}", position + 1),
        };
        match item.try_into() {
            Ok(one) => read.push(one),
            Err(error) => problems.push(unreadable(label, &error)),
        }
    }
    read
}

fn unreadable(field: String, error: &toml::de::Error) -> FieldProblem {
    // toml's message ends with the path of the key on a line of its own.
    let words = crate::text::clean_line(&error.to_string().replace("TOML parse error", ""));
    FieldProblem::new(field, words, "see 'Settings' in the README for the fields and their values")
}
