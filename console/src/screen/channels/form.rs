//! A form: fields, where the focus is, and what would be saved.

use super::field::{Field, Kind, at, put, shown};
use super::fields::fields;
use super::noun::Noun;
use super::secret;
use super::sheet::Sheet;
use maildesk_core::ids::Revision;
use maildesk_core::rpc::SettingsView;
use maildesk_core::settings::{FieldProblem, Settings, validate};
use serde_json::Value;

#[derive(Debug)]
pub struct Form {
    pub noun: Noun,
    pub name: String,
    pub is_new: bool,
    pub sheet: Sheet,
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
        let mut sheet = Sheet::new(fields);
        sheet.follow_secret();
        Self { noun, name, is_new, sheet, seen, original, general: None, under_way: false }
    }

    /// Fields that a person changed.
    pub fn changed(&self) -> usize {
        self.sheet.changed()
    }

    pub fn errors(&self) -> usize {
        self.sheet.errors()
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
        self.laid_upon(now, &[], |_| true)
    }

    /// As [`Self::settings`], with values that have no field here; only problems that `counts` are looked at.
    pub fn laid_upon(
        &mut self,
        now: &Settings,
        given: &[(&str, Value)],
        counts: impl Fn(&FieldProblem) -> bool,
    ) -> Option<Settings> {
        self.general = None;
        if !self.sheet.check() || !self.has_secret() {
            return None;
        }
        let mut document = self.noun.document(now, &self.name).unwrap_or_else(|| self.original.clone());
        let (of_secret, others): (Vec<&Field>, Vec<&Field>) = self
            .sheet
            .fields
            .iter()
            .filter(|field| field.is_changed() && !field.path.is_empty())
            .partition(|field| secret::is_part(field));
        for field in others {
            put(&mut document, field.path, field.value().unwrap_or_default());
        }
        if !of_secret.is_empty()
            && let Some(secret) = self.secret()
        {
            put(&mut document, secret::TYPED, Some(secret));
        }
        given.iter().for_each(|(path, value)| put(&mut document, path, Some(value.clone())));
        let without_user = shown(at(&document, "login.username")).is_empty();
        if without_user && self.noun == Noun::Sender {
            put(&mut document, "login", None);
        } else if at(&document, "login.username").is_some() && at(&document, "login.password").is_none() {
            put(&mut document, "login.password", Some("sealed".into()));
        }
        if self.is_new && at(&document, "login.password").and_then(Value::as_str) == Some("sealed") {
            self.sheet.note("login.password", "is needed: nothing is sealed yet".into());
            return None;
        }
        let settings = match self.noun.put(now, document) {
            Ok(settings) => settings,
            Err(problem) => {
                self.general = Some(problem);
                return None;
            }
        };
        let problems: Vec<FieldProblem> = validate(&settings).into_iter().filter(counts).collect();
        self.refused(&problems);
        (self.errors() == 0 && self.general.is_none()).then_some(settings)
    }

    /// Puts problems to their fields.
    pub fn refused(&mut self, problems: &[FieldProblem]) {
        let own = format!("{} \"{}\": ", self.noun.word(), self.name);
        for problem in problems {
            let words = format!("{}; {}", problem.problem, problem.remedy);
            match problem.field.strip_prefix(&own) {
                Some(secret::TYPED)
                    if self.sheet.field(self.sheet.secret_field()).is_some_and(|field| !field.hidden) =>
                {
                    self.sheet.note(self.sheet.secret_field(), words);
                }
                Some(path) if self.sheet.field(path).is_some_and(|field| !field.hidden) => {
                    self.sheet.note(path, words);
                }
                // What is wrong elsewhere in the settings was so before.
                _ => self.general = Some(format!("{}: {words}", problem.field)),
            }
        }
    }

    /// What somebody else changed meanwhile in a field that is changed here too: field, theirs, ours.
    pub fn clashes(&self, now: &Settings) -> Vec<(&'static str, String, String)> {
        let Some(theirs) = self.noun.document(now, &self.name) else { return Vec::new() };
        let changed = self.sheet.fields.iter().filter(|field| field.is_changed() && field.kind != Kind::Secret);
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
        secret::SOURCE => "typed",
        _ => return,
    };
    field.input = crate::app::text::EditedText::line(usual);
}
