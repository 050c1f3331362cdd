//! Our own lock file beside the store: taken before anything else is touched, and it can say who holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::store::error::OpenError;

/// Held as long as this lives; the kernel frees it when the process ends in any way.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn take(store: &Path) -> Result<Lock, OpenError> {
        let path = beside(store, ".lock");
        let failed = |source| OpenError::Io { step: "locking", path: path.clone(), source };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let known = file.read_to_string(&mut holder).is_ok() && holder.trim().parse::<u32>().is_ok();
                let holder = if known { holder.trim().to_owned() } else { "unknown".to_owned() };
                return Err(OpenError::Locked { store: store.to_path_buf(), lock: path, holder });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0).and_then(|()| file.rewind()).map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        Ok(Lock { _file: file })
    }
}

/// Whether the engine's own lock on its log is free. It is not where somebody removed our lock file while a process
/// works; this must not be taken for damage. Waits a little first: the engine's threads hold its lock for some
/// milliseconds after it was dropped.
pub(super) fn engine_lock_is_free(log: &Path) -> io::Result<bool> {
    let log = match File::open(log) {
        Ok(log) => log,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    let begun = Instant::now();
    loop {
        match log.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if begun.elapsed() > ENGINE_ENDS_WITHIN => return Ok(false),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(5)),
        }
    }
}

const ENGINE_ENDS_WITHIN: Duration = Duration::from_secs(2);

/// The path of the store with `ending` added to its last part.
pub(super) fn beside(store: &Path, ending: &str) -> PathBuf {
    let mut path = store.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}
