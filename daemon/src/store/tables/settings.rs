//! The settings document under its revision.

use maildesk_core::ids::Revision;
use maildesk_core::settings::Settings;

use super::prefix::SETTINGS;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::decode;
use crate::store::record::v1::SettingsRecord;

/// The settings and their revision; the default ones and revision 0 before any were stored.
pub fn get(read: &(impl Read + ?Sized)) -> Result<(Revision, Settings), StoreError> {
    match read.get(&SETTINGS.all())? {
        Some(bytes) => {
            decode::<SettingsRecord>(SETTINGS.name, &SETTINGS.all(), &bytes).map(SettingsRecord::into_settings)
        }
        None => Ok((Revision(0), Settings::default())),
    }
}

/// Replaces the settings.
///
/// # Errors
/// [`StoreError::SecretInSettings`] if a secret itself stands in the document: it has to be sealed before.
pub fn put(tx: &mut Transaction<'_>, revision: Revision, settings: &Settings) -> Result<(), StoreError> {
    let record = SettingsRecord::new(revision, settings.clone())?;
    rows::save(tx, SETTINGS, &SETTINGS.all(), &record)
}
