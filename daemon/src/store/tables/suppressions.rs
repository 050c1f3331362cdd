//! Addresses that are not written to, by their key.

use maildesk_core::address::Address;
use maildesk_core::outbox::Suppression;

use super::prefix::SUPPRESSIONS;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::SuppressionRecord;

pub fn get(read: &(impl Read + ?Sized), address: &Address) -> Result<Option<Suppression>, StoreError> {
    if read.is_empty(&SUPPRESSIONS.all())? {
        return Ok(None);
    }
    rows::load::<SuppressionRecord, Suppression>(read, SUPPRESSIONS, &key(address))
}

/// Writes an address or replaces what was said about it.
pub fn put(tx: &mut Transaction<'_>, suppression: &Suppression) -> Result<(), StoreError> {
    rows::save(tx, SUPPRESSIONS, &key(&suppression.address), &SuppressionRecord::from(suppression.clone()))
}

/// Nothing happens where it is not there.
pub fn delete(tx: &mut Transaction<'_>, address: &Address) -> Result<(), StoreError> {
    tx.delete(&key(address))
}

/// Addresses behind `after`, in the order of their keys.
pub fn list(
    read: &(impl Read + ?Sized),
    after: Option<&Address>,
    limit: usize,
) -> Result<Vec<Suppression>, StoreError> {
    let window = read.scan(&SUPPRESSIONS.all(), after.map(key).as_deref(), limit)?;
    rows::all::<SuppressionRecord, Suppression>(SUPPRESSIONS, window)
}

fn key(address: &Address) -> Vec<u8> {
    SUPPRESSIONS.key(&[address.key().as_bytes()])
}
