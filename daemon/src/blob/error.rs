//! Why a blob cannot be kept or read.

use super::s3::S3Fault;
use crate::store::error::StoreError;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("{step} {}: {source}", path.display())]
    File { step: &'static str, path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    S3(#[from] S3Fault),
    #[error("blob {hash} is recorded but its bytes are not there")]
    Missing { hash: maildesk_core::ids::BlobHash },
    #[error("S3 storage said that it took blob {hash}, but does not hold it")]
    NotKept { hash: maildesk_core::ids::BlobHash },
    #[error("blob {hash} lies in S3, and no S3 storage is configured any more")]
    NoS3 { hash: maildesk_core::ids::BlobHash },
    #[error("the file cannot be put into its mail: {0}")]
    NoRoom(crate::smtp::ComposeError),
}

impl BlobError {
    /// Whether the same call may work later.
    pub fn is_transient(&self) -> bool {
        match self {
            // A full or slow disk recovers; a missing blob does not come back.
            Self::File { .. } | Self::NotKept { .. } => true,
            Self::Store(error) => error.is_transient(),
            Self::S3(error) => error.is_transient(),
            Self::Missing { .. } | Self::NoS3 { .. } | Self::NoRoom(_) => false,
        }
    }

    /// Whether it is the fault of one blob alone: others may do.
    pub fn is_of_one_blob(&self) -> bool {
        matches!(self, Self::File { .. } | Self::Missing { .. })
    }
}
