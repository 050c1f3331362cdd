//! Where blobs lie, and the bytes of the small ones.

use maildesk_core::ids::BlobHash;

use super::prefix::{BLOB_BYTES, BLOBS};
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::BlobRecordV1;

/// What is known about a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobRecord {
    /// Bytes.
    pub size: u64,
    pub place: BlobPlace,
}

/// Where the bytes of a blob are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobPlace {
    /// Here, beside the record.
    Store,
    /// A file of the state folder, named by the hash.
    File,
    S3 {
        bucket: String,
        key: String,
    },
}

pub fn get(read: &(impl Read + ?Sized), hash: &BlobHash) -> Result<Option<BlobRecord>, StoreError> {
    rows::load::<BlobRecordV1, BlobRecord>(read, BLOBS, &BLOBS.key(&[&hash.0]))
}

pub fn put_record(tx: &mut Transaction<'_>, hash: &BlobHash, record: &BlobRecord) -> Result<(), StoreError> {
    rows::save(tx, BLOBS, &BLOBS.key(&[&hash.0]), &BlobRecordV1::from(record.clone()))
}

/// Keeps the bytes of this hash. Bytes that are there already are not written again.
pub fn put_bytes(tx: &mut Transaction<'_>, hash: &BlobHash, bytes: &[u8]) -> Result<(), StoreError> {
    let key = BLOB_BYTES.key(&[&hash.0]);
    if tx.contains(&key)? {
        return Ok(());
    }
    tx.put(&key, bytes)
}

/// The bytes of this hash, where they are kept in the store.
pub fn bytes(read: &(impl Read + ?Sized), hash: &BlobHash) -> Result<Option<Vec<u8>>, StoreError> {
    read.get(&BLOB_BYTES.key(&[&hash.0]))
}

/// Forgets the bytes of this hash, not its record.
pub fn delete_bytes(tx: &mut Transaction<'_>, hash: &BlobHash) -> Result<(), StoreError> {
    tx.delete(&BLOB_BYTES.key(&[&hash.0]))
}
