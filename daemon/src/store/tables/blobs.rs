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
    /// Mails that brought it, each as itself or as an attachment; 0: it is not known, and it is never given up.
    pub uses: u64,
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

/// One mail more that brought a blob that is here.
pub fn use_again(tx: &mut Transaction<'_>, hash: &BlobHash, record: BlobRecord) -> Result<(), StoreError> {
    match record.uses {
        0 => Ok(()),
        uses => put_record(tx, hash, &BlobRecord { uses: uses.saturating_add(1), ..record }),
    }
}

/// A mail that brought a blob needs it no more; the last one takes it along. Gives how many bytes are gone for good.
/// The file of a large one has no record then and is swept up.
pub fn give_up(tx: &mut Transaction<'_>, hash: &BlobHash) -> Result<u64, StoreError> {
    let Some(record) = get(tx, hash)? else { return Ok(0) };
    match (record.uses, &record.place) {
        (0, _) | (_, BlobPlace::S3 { .. }) => return Ok(0),
        (1, BlobPlace::Store { number }) => delete_bytes(tx, *number)?,
        (1, BlobPlace::File) => {}
        (uses, _) => {
            put_record(tx, hash, &BlobRecord { uses: uses - 1, ..record })?;
            return Ok(0);
        }
    }
    tx.delete(&BLOBS.key(&[&hash.0]))?;
    Ok(record.size)
}

/// A blob lies elsewhere from now on; bytes in the store go.
pub fn moved(tx: &mut Transaction<'_>, hash: &BlobHash, to: BlobPlace) -> Result<(), StoreError> {
    let Some(record) = get(tx, hash)? else { return Ok(()) };
    if let BlobPlace::Store { number } = record.place {
        delete_bytes(tx, number)?;
    }
    put_record(tx, hash, &BlobRecord { place: to, ..record })
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
fn delete_bytes(tx: &mut Transaction<'_>, number: u64) -> Result<(), StoreError> {
    tx.delete(&BLOB_BYTES.number(number))
}
