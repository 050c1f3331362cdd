//! Reading blobs back in pieces, wherever they lie.

use super::error::BlobError;
use super::files::BlobFiles;
use super::s3::Bucket;
use crate::store::Store;
use crate::store::blobs::{self, BlobPlace};
use maildesk_core::ids::BlobHash;

/// A piece of a blob; empty at its end.
pub type Piece = Vec<u8>;

/// Reads from the store, the folder and S3.
#[derive(Clone)]
pub struct BlobReader {
    store: Store,
    files: BlobFiles,
}

impl BlobReader {
    pub fn new(store: Store, files: BlobFiles) -> Self {
        Self { store, files }
    }

    /// Where large blobs are written.
    pub fn files(&self) -> &BlobFiles {
        &self.files
    }

    /// Up to `limit` bytes from `offset`; `None` where there is no such blob. `bucket` is the S3 storage as now
    /// configured, if it is.
    pub async fn piece(
        &self,
        hash: BlobHash,
        offset: u64,
        limit: usize,
        bucket: Option<&Bucket>,
    ) -> Result<Option<Piece>, BlobError> {
        let local = self.clone();
        let found = tokio::task::spawn_blocking(move || local.local(hash, offset, limit)).await;
        match found {
            Ok(Ok(Found::Piece(piece))) => Ok(Some(piece)),
            Ok(Ok(Found::Nothing)) => Ok(None),
            Ok(Ok(Found::Elsewhere { key, size })) => {
                let bucket = bucket.ok_or(BlobError::NoS3 { hash })?;
                Ok(Some(bucket.get_range(&key, offset, limit as u64, size).await?))
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(BlobError::Missing { hash }),
        }
    }

    /// All bytes of a blob that lies here; `None` where it does not, or is larger than `most`. Blocks.
    pub fn whole(&self, hash: BlobHash, most: u64) -> Result<Option<Piece>, BlobError> {
        let size = blobs::get(&self.store, &hash)?.map(|record| record.size);
        if size.is_none_or(|size| size > most) {
            return Ok(None);
        }
        match self.local(hash, 0, usize::MAX) {
            Ok(Found::Piece(whole)) => Ok(Some(whole)),
            Ok(Found::Nothing | Found::Elsewhere { .. }) | Err(BlobError::Missing { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn local(&self, hash: BlobHash, offset: u64, limit: usize) -> Result<Found, BlobError> {
        let Some(record) = blobs::get(&self.store, &hash)? else { return Ok(Found::Nothing) };
        let piece = match record.place {
            BlobPlace::Store { number } => blobs::bytes(&self.store, number)?.map(|bytes| {
                let from = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                bytes.into_iter().skip(from).take(limit).collect()
            }),
            BlobPlace::File => self.files.read(&hash, offset, limit)?,
            BlobPlace::S3 { key, .. } => return Ok(Found::Elsewhere { key, size: record.size }),
        };
        piece.map(Found::Piece).ok_or(BlobError::Missing { hash })
    }
}

enum Found {
    Piece(Piece),
    Elsewhere { key: String, size: u64 },
    Nothing,
}
