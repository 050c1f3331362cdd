//! Templates that people keep: saved versions with their history, and drafts.

use super::{Kind, TemplateSource, builtin};
use crate::ids::{BlobHash, Revision};
use crate::language::Language;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One saved version. The newest counts; the others are its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedTemplate {
    /// From 1, of this kind and language.
    pub revision: Revision,
    pub at: Timestamp,
    /// User name of who saved it.
    pub by: String,
    /// Absent: from here on the built-in template counts.
    pub source: Option<TemplateSource>,
    /// The [`builtin_mark`] of that moment.
    pub builtin: String,
}

/// What somebody works on. It may be anything, also what could not be saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateDraft {
    pub at: Timestamp,
    pub by: String,
    pub source: TemplateSource,
}

impl SavedTemplate {
    /// Whether the built-in template is another now than when this was saved.
    pub fn is_behind(&self, kind: Kind, language: Language) -> bool {
        self.source.is_some() && self.builtin != builtin_mark(kind, language)
    }
}

/// Tells one built-in template from another of its kind and language.
pub fn builtin_mark(kind: Kind, language: Language) -> String {
    let hash = BlobHash::of(builtin(kind, language).to_document().as_bytes());
    hash.to_string().chars().take(16).collect()
}
