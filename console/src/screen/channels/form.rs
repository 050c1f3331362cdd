//! A form: fields, where the focus is, and what would be saved.

use super::field::{Field, Kind, at, put, shown};
use super::fields::fields;
use super::noun::Noun;
use maildesk_core::ids::Revision;
use maildesk_core::rpc::SettingsView;
use maildesk_core::settings::{FieldProblem, Settings, validate};
use serde_json::Value;

#[derive(Debug)]
pub struct Form {
    pub noun: Noun,
    pub name: String,
    pub is_new: bool,
    pub fields: Vec<Field>,
    pub focus: usize,
    /// Of the settings that it was opened on.
    pub seen: Revision,
    original: Value,
    /// What is wrong and belongs to no field of the form.
    pub general: Option<String>,
    /// It is being saved.
    pub under_way: bool,
}

impl Form {
    /// On one that exists, or a new one.
    pub fn open(noun: Noun, name: &str, view: &SettingsView) -> Self {
        let known = noun.document(&view.settings, name);
        let is_new = known.is_none();
        let original = known.unwrap_or_else(|| noun.blank(name));
        let mut fields = fields(noun, &original, &view.settings);
        if is_new {
            fields.iter_mut().for_each(usual);
        }
        let (name, seen) = (name.to_owned(), view.revision);
        Self { noun, name, is_new, fields, focus: 0, seen, original, general: None, under_way: false }
    }

    pub fn focused(&self) -> Option<&Field> {
        self.fields.get(self.focus)
    }

    pub fn focused_mut(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.focus)
    }

    /// Moves the focus. The field that is left is checked; nothing keeps a person in it.
    pub fn go(&mut self, forward: bool) {
        if let Some(field) = self.focused_mut() {
            field.check();
        }
        let count = self.fields.len().max(1);
        self.focus = (self.focus + if forward { 1 } else { count - 1 }) % count;
    }

    /// Fields that a person changed.
    pub fn changed(&self) -> usize {
        self.fields.iter().filter(|field| field.is_changed()).count()
    }

    pub fn errors(&self) -> usize {
        self.fields.iter().filter(|field| field.problem.is_some()).count()
    }

    /// How the password stands, in words.
    pub fn secret_state(&self) -> String {
        match at(&self.original, "login.password") {
            Some(Value::Object(map)) if map.contains_key("credential") => {
                let name = map.get("credential").and_then(Value::as_str).unwrap_or_default();
                format!("from credential {name}")
            }
            Some(Value::Object(map)) if map.contains_key("command") => "from a command".into(),
            _ if self.is_new => "unset".into(),
            Some(Value::String(_)) => "set, sealed in the store".into(),
            _ => "unset".into(),
        }
    }

    /// The settings as they would be: what was changed here, put upon the settings as they are now.
    /// `None` where something is wrong; then the fields say what.
    pub fn settings(&mut self, now: &Settings) -> Option<Settings> {
        self.general = None;
        self.fields.iter_mut().for_each(Field::check);
        if self.errors() > 0 {
            return None;
        }
        let mut document = self.noun.document(now, &self.name).unwrap_or_else(|| self.original.clone());
        for field in self.fields.iter().filter(|field| field.is_changed()) {
            put(&mut document, field.path, field.value().unwrap_or_default());
        }
        let without_user = shown(at(&document, "login.username")).is_empty();
        if without_user && self.noun == Noun::Sender {
            put(&mut document, "login", None);
        } else if at(&document, "login.username").is_some() && at(&document, "login.password").is_none() {
            put(&mut document, "login.password", Some("sealed".into()));
        }
        if self.is_new && at(&document, "login.password").and_then(Value::as_str) == Some("sealed") {
            self.note("login.password", "is needed: nothing is sealed yet".into());
            return None;
        }
        let settings = match self.noun.put(now, document) {
            Ok(settings) => settings,
            Err(problem) => {
                self.general = Some(problem);
                return None;
            }
        };
        self.refused(&validate(&settings));
        (self.errors() == 0 && self.general.is_none()).then_some(settings)
    }

    /// Puts problems to their fields.
    pub fn refused(&mut self, problems: &[FieldProblem]) {
        let own = format!("{} \"{}\": ", self.noun.word(), self.name);
        for problem in problems {
            let words = format!("{}; {}", problem.problem, problem.remedy);
            match problem.field.strip_prefix(&own) {
                Some(path) if self.fields.iter().any(|field| field.path == path) => self.note(path, words),
                // What is wrong elsewhere in the settings was so before.
                _ => self.general = Some(format!("{}: {words}", problem.field)),
            }
        }
    }

    fn note(&mut self, path: &str, problem: String) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.path == path) {
            field.problem = Some(problem);
        }
    }

    /// What somebody else changed meanwhile in a field that is changed here too: field, theirs, ours.
    pub fn clashes(&self, now: &Settings) -> Vec<(&'static str, String, String)> {
        let Some(theirs) = self.noun.document(now, &self.name) else { return Vec::new() };
        let changed = self.fields.iter().filter(|field| field.is_changed() && field.kind != Kind::Secret);
        changed
            .filter(|field| at(&theirs, field.path) != at(&self.original, field.path))
            .map(|field| (field.label, shown(at(&theirs, field.path)), field.text()))
            .collect()
    }
}

/// What a new one has unless a person says otherwise.
fn usual(field: &mut Field) {
    let usual = match field.path {
        "folder" => "INBOX",
        "poll_seconds" => "60",
        "first_import" => "from_now",
        "acknowledge" | "enabled" => "true",
        "connections" => "4",
        "login.mechanism" => "auto",
        _ => return,
    };
    field.input = crate::app::text::EditedText::line(usual);
}
