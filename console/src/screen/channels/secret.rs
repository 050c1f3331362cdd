//! Where a password comes from: typed here and sealed, a credential, or a program. Whatever it is, it is never shown.

use super::field::{Field, Kind, at};
use super::form::Form;
use super::sheet::Sheet;
use serde_json::{Value, json};

/// What stands in the document.
pub(super) const TYPED: &str = "login.password";
pub(super) const CREDENTIAL: &str = "login.password.credential";
pub(super) const COMMAND: &str = "login.password.command";
/// The choice between them; it stands in no document.
pub(crate) const SOURCE: &str = "login.password.source";
pub(super) const SOURCES: [&str; 3] = ["typed", "credential", "command"];

/// The choice as the document has it; other fields as they are.
pub(super) fn named(field: Field, document: &Value) -> Field {
    if field.path != SOURCE {
        return field;
    }
    let has = |path: &str| at(document, path).is_some();
    field.holding(match (has(CREDENTIAL), has(COMMAND)) {
        (true, _) => "credential",
        (_, true) => "command",
        _ => "typed",
    })
}

impl Sheet {
    /// Shows the field of the source that is chosen, and not those of the others.
    pub fn follow_secret(&mut self) {
        let Some(source) = self.field(SOURCE) else { return };
        let (chosen, hidden) = (source.text(), source.hidden);
        for field in &mut self.fields {
            let of = match field.path {
                TYPED => "typed",
                CREDENTIAL => "credential",
                COMMAND => "command",
                _ => continue,
            };
            field.hidden = hidden || chosen != of;
        }
    }

    /// The field that a problem of the password belongs to.
    pub(super) fn secret_field(&self) -> &'static str {
        match self.text(SOURCE).as_str() {
            "credential" => CREDENTIAL,
            "command" => COMMAND,
            _ => TYPED,
        }
    }
}

impl Form {
    /// The password as the document gets it; absent where nothing was typed: what is sealed stays.
    pub fn secret(&self) -> Option<Value> {
        let text = self.sheet.text(self.sheet.secret_field());
        let words: Vec<&str> = text.split_whitespace().collect();
        match self.sheet.secret_field() {
            CREDENTIAL => (!words.is_empty()).then(|| json!({ "credential": text.trim() })),
            COMMAND => (!words.is_empty()).then(|| json!({ "command": words })),
            _ => (!text.is_empty()).then(|| json!({ "value": text })),
        }
    }

    /// True where the chosen source has what it needs; else its field says what is missing.
    pub(super) fn has_secret(&mut self) -> bool {
        let place = self.sheet.secret_field();
        let shown = self.sheet.field(place).is_some_and(|field| !field.hidden);
        let moved = self.sheet.field(SOURCE).is_some_and(Field::is_changed);
        let user = self.sheet.field("login.username").is_none_or(|field| !field.text().trim().is_empty());
        if !shown || !user || self.secret().is_some() || (place == TYPED && !moved) {
            return true;
        }
        self.sheet.note(place, "is needed".into());
        false
    }
}

/// Whether this field is one of the password's, which are put into the document together.
pub(super) fn is_part(field: &Field) -> bool {
    field.kind == Kind::Secret || [SOURCE, CREDENTIAL, COMMAND].contains(&field.path)
}
