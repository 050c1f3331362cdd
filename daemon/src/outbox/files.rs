//! The mail as it goes out: what was queued, with the files that go along, read from where they lie.

use crate::blob::{BlobError, BlobReader, Bucket};
use crate::smtp::with_files;
use maildesk_core::outbox::OutboxEntry;
use maildesk_core::ticket::AttachmentRef;

/// Bytes read at once.
const PIECE: usize = 4 << 20;

/// Reads files where they lie: in the store, in the folder of large blobs, or in S3.
#[derive(Clone)]
pub struct Files {
    pub reader: BlobReader,
    /// S3 as now configured, if it is.
    pub bucket: Option<Bucket>,
}

impl Files {
    /// The mail of an entry with its files; `queued` as it lies in the outbox.
    ///
    /// # Errors
    /// A file cannot be read now, such as from an S3 that does not answer; or at all.
    pub async fn whole(&self, entry: &OutboxEntry, queued: Vec<u8>) -> Result<Vec<u8>, BlobError> {
        if entry.attachments.is_empty() {
            return Ok(queued);
        }
        let mut files = Vec::with_capacity(entry.attachments.len());
        for file in &entry.attachments {
            files.push((file, self.bytes(file).await?));
        }
        with_files(&queued, &entry.message_id, files).map_err(BlobError::NoRoom)
    }

    async fn bytes(&self, file: &AttachmentRef) -> Result<Vec<u8>, BlobError> {
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < file.size {
            let piece = self.reader.piece(file.blob, bytes.len() as u64, PIECE, self.bucket.as_ref()).await?;
            match piece.filter(|piece| !piece.is_empty()) {
                Some(piece) => bytes.extend(piece),
                None => return Err(BlobError::Missing { hash: file.blob }),
            }
        }
        Ok(bytes)
    }
}
