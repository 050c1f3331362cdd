//! Saved versions of templates by kind, language and revision; drafts by kind and language.

use maildesk_core::ids::Revision;
use maildesk_core::language::Language;
use maildesk_core::notification::{Kind, SavedTemplate, TemplateDraft};

use super::prefix::{TEMPLATE_DRAFTS, TEMPLATES, Table};
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::{SavedTemplateRecord, TemplateDraftRecord};

/// Keeps a version; earlier ones stay.
pub fn put(tx: &mut Transaction<'_>, kind: Kind, language: Language, saved: &SavedTemplate) -> Result<(), StoreError> {
    let key = key(TEMPLATES, kind, language, &saved.revision.0.to_be_bytes());
    rows::save(tx, TEMPLATES, &key, &SavedTemplateRecord::from(saved.clone()))
}

/// One version.
pub fn version(
    read: &(impl Read + ?Sized),
    kind: Kind,
    language: Language,
    revision: Revision,
) -> Result<Option<SavedTemplate>, StoreError> {
    rows::load::<SavedTemplateRecord, SavedTemplate>(
        read,
        TEMPLATES,
        &key(TEMPLATES, kind, language, &revision.0.to_be_bytes()),
    )
}

/// The newest versions, the newest first.
pub fn history(
    read: &(impl Read + ?Sized),
    kind: Kind,
    language: Language,
    limit: usize,
) -> Result<Vec<SavedTemplate>, StoreError> {
    let window = read.scan_back(&key(TEMPLATES, kind, language, &[]), None, limit)?;
    rows::all::<SavedTemplateRecord, SavedTemplate>(TEMPLATES, window)
}

pub fn draft(read: &(impl Read + ?Sized), kind: Kind, language: Language) -> Result<Option<TemplateDraft>, StoreError> {
    let key = key(TEMPLATE_DRAFTS, kind, language, &[]);
    rows::load::<TemplateDraftRecord, TemplateDraft>(read, TEMPLATE_DRAFTS, &key)
}

/// Keeps a draft, or with nothing forgets it.
pub fn put_draft(
    tx: &mut Transaction<'_>,
    kind: Kind,
    language: Language,
    draft: Option<&TemplateDraft>,
) -> Result<(), StoreError> {
    let key = key(TEMPLATE_DRAFTS, kind, language, &[]);
    match draft {
        Some(draft) => rows::save(tx, TEMPLATE_DRAFTS, &key, &TemplateDraftRecord::from(draft.clone())),
        None => tx.delete(&key),
    }
}

fn key(table: Table, kind: Kind, language: Language, rest: &[u8]) -> Vec<u8> {
    table.key(&[kind.name().as_bytes(), &[0], language.tag().as_bytes(), &[0], rest])
}
