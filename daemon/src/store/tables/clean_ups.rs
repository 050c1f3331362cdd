//! What clean-ups remember from one to the next.

use maildesk_core::route::CleanUpNote;

use super::prefix::CLEAN_UPS;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::CleanUpNoteRecord;

pub fn note(read: &(impl Read + ?Sized)) -> Result<Option<CleanUpNote>, StoreError> {
    rows::load::<CleanUpNoteRecord, CleanUpNote>(read, CLEAN_UPS, &CLEAN_UPS.all())
}

pub fn put(tx: &mut Transaction<'_>, note: CleanUpNote) -> Result<(), StoreError> {
    rows::save(tx, CLEAN_UPS, &CLEAN_UPS.all(), &CleanUpNoteRecord::from(note))
}
