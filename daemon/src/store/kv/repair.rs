//! The one repair there is: sled's snapshot is only a cache of its log, and a damaged one keeps the store from
//! opening. A copy without it is tried; where that opens, it takes the store's place and the original is kept.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::engine::{Engine, NotOpened};
use super::lock::beside;
use super::open::{sync_folder, sync_parent};

/// Opens `dir` after a first try failed with `problem`.
pub(super) fn open_without_snapshot(dir: &Path, cache_bytes: u64, problem: &str) -> Result<Engine, Failed> {
    tracing::warn!(store = %dir.display(), problem, "the store did not open; trying a copy without its snapshot");
    let copy = beside(dir, ".retry");
    clear_away(&copy)?;
    copy_without_snapshot(dir, &copy)?;
    match Engine::open(&copy, cache_bytes) {
        Ok(engine) => engine.sync(),
        Err(second) => {
            clear_away(&copy)?;
            return Err(match Failed::from(second) {
                Failed::Damaged(second) => Failed::Damaged(format!("{problem}; without its snapshot: {second}")),
                other => other,
            });
        }
    }
    fs::remove_file(copy.join(UNFINISHED))?;
    sync_folder(&copy)?;
    // From here on `.retry` names the good store or, after the exchange, the damaged one.
    renameat_with(CWD, &copy, CWD, dir, RenameFlags::EXCHANGE).map_err(io::Error::from)?;
    let kept = free_name(dir);
    fs::rename(&copy, &kept)?;
    sync_parent(dir)?;
    tracing::warn!(kept = %kept.display(), "the store was repaired; the damaged original is kept");
    Ok(Engine::open(dir, cache_bytes)?)
}

/// Why the repair did not work out.
#[derive(Debug)]
pub(super) enum Failed {
    Damaged(String),
    Io(io::Error),
}

impl From<NotOpened> for Failed {
    fn from(error: NotOpened) -> Failed {
        match error {
            NotOpened::Damaged(problem) => Failed::Damaged(problem),
            NotOpened::Io(error) => Failed::Io(error),
            NotOpened::InUse => Failed::Io(io::Error::from(io::ErrorKind::ResourceBusy)),
        }
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Failed {
        Failed::Io(error)
    }
}

/// A crash between exchange and rename leaves the damaged original under the name of the copy: it is kept, too.
/// Only a copy that says it may go is removed.
fn clear_away(copy: &Path) -> io::Result<()> {
    match copy.try_exists()? {
        true if copy.join(UNFINISHED).try_exists()? => fs::remove_dir_all(copy),
        true => fs::rename(copy, free_name(copy)),
        false => Ok(()),
    }
}

/// Marks a copy that may be thrown away.
const UNFINISHED: &str = "copy.unfinished";

fn copy_without_snapshot(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    fs::write(to.join(UNFINISHED), b"")?;
    for file in fs::read_dir(from)? {
        let file = file?;
        let snapshot = file.file_name().to_string_lossy().starts_with("snap.");
        // blobs/ is empty (checked before) and made anew by the engine.
        if file.file_type()?.is_file() && !snapshot {
            fs::copy(file.path(), to.join(file.file_name()))?;
        }
    }
    Ok(())
}

fn free_name(dir: &Path) -> PathBuf {
    let name = |number: u32| beside(dir, &format!(".damaged-{number}"));
    let taken = (1..u32::MAX).take_while(|number| name(*number).exists()).last();
    name(taken.unwrap_or(0) + 1)
}
