//! From bytes to a durable blob in two steps: before the commit (large ones) and within it (small ones).

use super::error::BlobError;
use super::files::{BlobFiles, FileClaim};
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
    bytes: Bytes,
}

#[derive(Debug)]
enum Bytes {
    Small(Vec<u8>),
    /// A file, which is not swept up before the commit of what refers to it.
    File(#[expect(dead_code, reason = "it is held, not read")] FileClaim),
}

impl PreparedBlob {
    /// Names the bytes and, if they are many, makes them durable as a file. Blocks.
    pub fn new(files: &BlobFiles, bytes: Vec<u8>) -> Result<Self, BlobError> {
        let hash = BlobHash::of(&bytes);
        let size = bytes.len() as u64;
        if bytes.len() <= SMALL_BLOB_BYTES {
            return Ok(Self { hash, size, bytes: Bytes::Small(bytes) });
        }
        Ok(Self::of_file(hash, size, files.write(&hash, &bytes)?))
    }

    /// A blob that is a file already.
    pub(super) fn of_file(hash: BlobHash, size: u64, claim: FileClaim) -> Self {
        Self { hash, size, bytes: Bytes::File(claim) }
    }

    /// The same blob for somebody else who refers to it.
    pub fn again(&self, files: &BlobFiles) -> Self {
        let bytes = match &self.bytes {
            Bytes::Small(bytes) => Bytes::Small(bytes.clone()),
            Bytes::File(_) => Bytes::File(files.claim(&self.hash)),
        };
        Self { hash: self.hash, size: self.size, bytes }
    }
}

/// Records a blob in the transaction of the mail that brought it; the prepared blob is held until that is durable.
/// With `upload`, a worker brings it to S3 afterwards.
pub fn write_blob(tx: &mut Transaction<'_>, blob: &PreparedBlob, upload: bool) -> Result<(), StoreError> {
    if let Some(record) = blobs::get(tx, &blob.hash)? {
        return blobs::use_again(tx, &blob.hash, record);
    }
    let place = match &blob.bytes {
        Bytes::Small(bytes) => blobs::put_bytes(tx, bytes)?,
        Bytes::File(_) => BlobPlace::File,
    };
    blobs::put_record(tx, &blob.hash, &BlobRecord { size: blob.size, place, uses: 1 })?;
    if upload { uploads::put(tx, &blob.hash) } else { Ok(()) }
}
