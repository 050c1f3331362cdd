//! How a store is opened.

use std::path::{Path, PathBuf};

/// Where the store lies and what it may use.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the store. Its lock file lies beside it (`<dir>.lock`).
    pub dir: PathBuf,
    /// Target of sled's page cache in bytes; the process grows to about three to four times this under load.
    pub cache_bytes: u64,
    /// Free bytes of the file system below which [`has_room`](super::Kv::has_room) says no. At an eighth of it no
    /// write is started any more and the store does not open.
    pub min_free_bytes: u64,
    /// Highest schema number the program knows; a new store gets it.
    pub known_schema: u32,
}

impl Options {
    /// Options for a small machine: 16 MiB cache, 512 MiB kept free, schema 1.
    pub fn new(dir: &Path) -> Options {
        Options { dir: dir.to_path_buf(), cache_bytes: 16 << 20, min_free_bytes: 512 << 20, known_schema: 1 }
    }

    /// Free bytes below which nothing is written any more.
    pub(super) fn hard_floor_bytes(&self) -> u64 {
        self.min_free_bytes / 8
    }
}
