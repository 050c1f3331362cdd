//! Templates on disk.

use jiff::Timestamp;
use maildesk_core::ids::Revision;
use maildesk_core::notification::{SavedTemplate, TemplateDraft, TemplateSource};
use serde::{Deserialize, Serialize};

same_struct!(TemplateSourceRecord = TemplateSource { subject: String, html: String, text: Option<String> });

same_struct!(TemplateDraftRecord = TemplateDraft { at: Timestamp, by: String, source: TemplateSourceRecord });

/// [`SavedTemplate`].
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct SavedTemplateRecord {
    revision: Revision,
    at: Timestamp,
    by: String,
    source: Option<TemplateSourceRecord>,
    builtin: String,
}

impl From<SavedTemplate> for SavedTemplateRecord {
    fn from(saved: SavedTemplate) -> SavedTemplateRecord {
        let SavedTemplate { revision, at, by, source, builtin } = saved;
        SavedTemplateRecord { revision, at, by, source: source.map(TemplateSourceRecord::from), builtin }
    }
}

impl From<SavedTemplateRecord> for SavedTemplate {
    fn from(record: SavedTemplateRecord) -> SavedTemplate {
        let SavedTemplateRecord { revision, at, by, source, builtin } = record;
        SavedTemplate { revision, at, by, source: source.map(TemplateSource::from), builtin }
    }
}
