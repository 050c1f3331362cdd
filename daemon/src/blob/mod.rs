//! Raw mails and attachments by SHA-256: in the store, as files, or in S3.
//!
//! Small blobs travel in the commit of their mail and cost no fsync of their own. Large ones are durable as files
//! before that commit. S3 is filled afterwards by a worker, so that it never stops or slows intake.

mod error;
mod files;
mod incoming;
mod prepare;
mod read;
mod s3;
mod upload;

pub use error::BlobError;
pub use files::BlobFiles;
pub use incoming::IncomingBlob;
pub use prepare::{PreparedBlob, SMALL_BLOB_BYTES, write_blob};
pub use read::{BlobReader, Piece};
pub use s3::{Bucket, S3Fault};
pub use upload::{StorageBoard, UploadWorker};
