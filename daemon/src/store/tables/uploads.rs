//! Blobs that wait to be uploaded.

use maildesk_core::ids::BlobHash;

use super::counters::{self, Tally};
use super::prefix::UPLOADS;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};

/// Lets a blob wait; one that waits already is fine.
pub fn put(tx: &mut Transaction<'_>, hash: &BlobHash) -> Result<(), StoreError> {
    let key = UPLOADS.key(&[&hash.0]);
    if tx.contains(&key)? {
        return Ok(());
    }
    tx.put(&key, &[])?;
    counters::one_more(tx, Tally::UploadsWaiting)
}

/// Waiting blobs in the order of their hashes.
pub fn next(read: &(impl Read + ?Sized), after: Option<BlobHash>, limit: usize) -> Result<Vec<BlobHash>, StoreError> {
    let after = after.map(|hash| UPLOADS.key(&[&hash.0]));
    let window = read.scan(&UPLOADS.all(), after.as_deref(), limit)?;
    let hash_of = |key: &Vec<u8>| match key.last_chunk::<32>() {
        Some(hash) => Ok(BlobHash(*hash)),
        None => Err(rows::unusable(UPLOADS, key, "its key is too short")),
    };
    window.iter().map(|(key, _)| hash_of(key)).collect()
}

/// Ends a blob's wait; one that does not wait is fine.
pub fn delete(tx: &mut Transaction<'_>, hash: &BlobHash) -> Result<(), StoreError> {
    let key = UPLOADS.key(&[&hash.0]);
    if !tx.contains(&key)? {
        return Ok(());
    }
    tx.delete(&key)?;
    counters::one_less(tx, Tally::UploadsWaiting)
}
