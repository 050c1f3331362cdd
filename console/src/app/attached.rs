//! A file that a person chose to go along with an answer.

use std::path::PathBuf;

/// Where it is, and what was seen of it when it was chosen. It is read when the answer is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedFile {
    pub path: PathBuf,
    /// As the customer reads it.
    pub name: String,
    /// Bytes.
    pub size: u64,
}
