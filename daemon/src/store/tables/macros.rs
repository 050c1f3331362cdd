//! Macros by name.

use maildesk_core::macros::{MacroName, SavedMacro};

use super::prefix::MACROS;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::SavedMacroRecord;

pub fn get(read: &(impl Read + ?Sized), name: &MacroName) -> Result<Option<SavedMacro>, StoreError> {
    rows::load::<SavedMacroRecord, SavedMacro>(read, MACROS, &key(name))
}

/// Writes a macro in place of the one of this name.
pub fn put(tx: &mut Transaction<'_>, saved: &SavedMacro) -> Result<(), StoreError> {
    rows::save(tx, MACROS, &key(&saved.content.name), &SavedMacroRecord::from(saved.clone()))
}

pub fn remove(tx: &mut Transaction<'_>, name: &MacroName) -> Result<(), StoreError> {
    tx.delete(&key(name))
}

/// Macros in the order of their names.
pub fn list(
    read: &(impl Read + ?Sized),
    after: Option<&MacroName>,
    limit: usize,
) -> Result<Vec<SavedMacro>, StoreError> {
    let after = after.map(key);
    rows::all::<SavedMacroRecord, SavedMacro>(MACROS, read.scan(&MACROS.all(), after.as_deref(), limit)?)
}

fn key(name: &MacroName) -> Vec<u8> {
    MACROS.key(&[name.as_str().as_bytes()])
}
