//! What travels about templates: versions, checks, previews.

use crate::ids::{Revision, TicketNumber};
use crate::language::Language;
use crate::notification::{CheckedSource, Kind, TemplateSource};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateId {
    pub kind: Kind,
    pub language: Language,
}

/// When something was written, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateStamp {
    /// Of a saved version; 0 for a draft.
    pub revision: Revision,
    pub at: Timestamp,
    pub by: String,
    /// This version let the built-in template count again.
    pub reset: bool,
}

/// A template of one kind in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRow {
    pub kind: Kind,
    pub language: Language,
    /// The newest saved version; absent: nobody has saved one.
    pub saved: Option<TemplateStamp>,
    pub draft: Option<TemplateStamp>,
    /// The built-in template is another now than when this one was saved.
    pub builtin_changed: bool,
    /// Problems of the saved version: where there are any, the built-in template counts.
    pub problems: u32,
}

impl TemplateRow {
    /// Whether mails are made by what somebody saved.
    pub fn is_own(&self) -> bool {
        self.problems == 0 && self.saved.as_ref().is_some_and(|stamp| !stamp.reset)
    }

    /// The newest saved revision; 0 where there is none.
    pub fn revision(&self) -> Revision {
        self.saved.as_ref().map_or(Revision(0), |stamp| stamp.revision)
    }
}

/// A template in all of its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateView {
    pub row: TemplateRow,
    pub builtin: TemplateSource,
    pub saved: Option<TemplateSource>,
    pub draft: Option<TemplateSource>,
    /// The newest versions, the newest first.
    pub history: Vec<TemplateStamp>,
}

/// Which version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TemplateVersion {
    /// The one that mails are made by.
    Current,
    Builtin,
    Draft,
    /// One of the history.
    Saved(Revision),
    /// One that is nowhere yet.
    Given(TemplateSource),
}

/// What a template is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TemplateData {
    /// The examples of the variables.
    Sample,
    /// A real ticket, as far as it says what the kind wants to know; examples elsewhere.
    Ticket(TicketNumber),
}

/// What a template makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatePreview {
    pub checked: CheckedSource,
    /// Absent: the template has problems.
    pub mail: Option<PreviewedMail>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewedMail {
    pub subject: String,
    pub html: String,
    pub text: String,
    /// The HTML as a mail program without HTML would show it.
    pub html_as_text: String,
    /// Bytes of the whole MIME message.
    pub size: u64,
}
