//! Where blobs lie, and the bytes of the small ones.

use maildesk_core::ids::BlobHash;

use super::counters::{self, Counter};
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
    /// In the store, under a number of their own.
    Store {
        number: u64,
    },
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

/// Keeps bytes and says where. They lie in the order in which they came: under their hash, each would land on a page of
/// its own somewhere in the tree, and writing one would read and write many others.
pub fn put_bytes(tx: &mut Transaction<'_>, bytes: &[u8]) -> Result<BlobPlace, StoreError> {
    let number = counters::next(tx, Counter::Blob)?;
    tx.put_new(&BLOB_BYTES.number(number), bytes)?;
    Ok(BlobPlace::Store { number })
}

/// The bytes of this number.
pub fn bytes(read: &(impl Read + ?Sized), number: u64) -> Result<Option<Vec<u8>>, StoreError> {
    read.get(&BLOB_BYTES.number(number))
}

/// Forgets the bytes of this number, not the record that names it.
pub fn delete_bytes(tx: &mut Transaction<'_>, number: u64) -> Result<(), StoreError> {
    tx.delete(&BLOB_BYTES.number(number))
}
