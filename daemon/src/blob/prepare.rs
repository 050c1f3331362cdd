//! From bytes to a durable blob in two steps: before the commit (large ones) and within it (small ones).

use super::error::BlobError;
use super::files::BlobFiles;
use crate::store::blobs::{BlobPlace, BlobRecord};
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{blobs, uploads};
use maildesk_core::ids::BlobHash;

/// Blobs up to this size, in bytes, lie in the store.
pub const SMALL_BLOB_BYTES: usize = 256 << 10;

/// A blob whose bytes are durable, or come along to be committed.
#[derive(Debug)]
pub struct PreparedBlob {
    pub hash: BlobHash,
    /// Bytes.
    pub size: u64,
    /// `None`: it is a file already.
    bytes: Option<Vec<u8>>,
}

impl PreparedBlob {
    /// Names the bytes and, if they are many, makes them durable as a file. Blocks.
    pub fn new(files: &BlobFiles, bytes: Vec<u8>) -> Result<Self, BlobError> {
        let hash = BlobHash::of(&bytes);
        let size = bytes.len() as u64;
        if bytes.len() <= SMALL_BLOB_BYTES {
            return Ok(Self { hash, size, bytes: Some(bytes) });
        }
        files.write(&hash, &bytes)?;
        Ok(Self { hash, size, bytes: None })
    }
}

/// Records a blob in the transaction of what refers to it. With `upload`, a worker brings it to S3 afterwards.
pub fn write_blob(tx: &mut Transaction<'_>, blob: &PreparedBlob, upload: bool) -> Result<(), StoreError> {
    if blobs::get(tx, &blob.hash)?.is_some() {
        return Ok(());
    }
    let place = match &blob.bytes {
        Some(bytes) => blobs::put_bytes(tx, bytes)?,
        None => BlobPlace::File,
    };
    blobs::put_record(tx, &blob.hash, &BlobRecord { size: blob.size, place })?;
    if upload { uploads::put(tx, &blob.hash) } else { Ok(()) }
}
