//! Free space of the store's file system.

use std::io;
use std::path::{Path, PathBuf};

/// Asks the file system; one `statvfs` call, about a microsecond.
#[derive(Debug, Clone)]
pub(super) struct Space {
    dir: PathBuf,
    needed_bytes: u64,
}

impl Space {
    pub(super) fn new(dir: &Path, needed_bytes: u64) -> Space {
        Space { dir: dir.to_path_buf(), needed_bytes }
    }

    /// Free and needed bytes where there is less than needed.
    pub(super) fn lack(&self) -> io::Result<Option<(u64, u64)>> {
        let stat = rustix::fs::statvfs(&self.dir)?;
        let free_bytes = stat.f_bavail.saturating_mul(stat.f_frsize);
        Ok((free_bytes < self.needed_bytes).then_some((free_bytes, self.needed_bytes)))
    }
}
