//! sled itself: the only file that names it. One tree; any failure ends the process.

use std::fs::File;
use std::io::{self, ErrorKind, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::layer::{Layer, Range, Records};
use super::lock::engine_lock_is_free;
use super::value::MAX_STORED_BYTES;

/// Background writing of sled; it also collects garbage there, so it must be on. It plays no part in durability.
const BACKGROUND_FLUSH_MS: u64 = 500;

/// A key or a value as the tree holds it. Cloning copies no bytes.
pub(super) type Bytes = sled::IVec;

/// The open tree and our own descriptor of its log.
pub(super) struct Engine {
    db: sled::Db,
    log: File,
}

/// Why sled did not open.
#[derive(Debug)]
pub(super) enum NotOpened {
    /// What it read made no sense.
    Damaged(String),
    /// Another process has it open.
    InUse,
    /// The operating system refused; the store may be whole.
    Io(io::Error),
}

impl Engine {
    /// Opens the tree in `dir`. A panic of sled, its way to report some damage, becomes an error.
    pub(super) fn open(dir: &Path, cache_bytes: u64) -> Result<Engine, NotOpened> {
        if !engine_lock_is_free(&dir.join("db")).map_err(NotOpened::Io)? {
            return Err(NotOpened::InUse);
        }
        let config = sled::Config::new()
            .path(dir)
            .cache_capacity(cache_bytes)
            .flush_every_ms(Some(BACKGROUND_FLUSH_MS))
            .mode(sled::Mode::LowSpace);
        let db = match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Ok(db)) => db,
            Ok(Err(error)) => return Err(NotOpened::from(error)),
            Err(_) => return Err(NotOpened::Damaged("the engine panicked while it read its log".into())),
        };
        let log = File::open(dir.join("db")).map_err(NotOpened::Io)?;
        Ok(Engine { db, log })
    }

    pub(super) fn get(&self, stored_key: &[u8]) -> Option<Bytes> {
        guard("reading", || self.db.get(stored_key))
    }

    pub(super) fn range(&self, range: &Range) -> Records<'_> {
        let mut records = self.db.range::<&[u8], _>(range.bounds());
        let backward = range.backward;
        Box::new(std::iter::from_fn(move || {
            let next = || if backward { records.next_back() } else { records.next() }.transpose();
            guard("reading", next).map(|(key, value)| (key, Some(value)))
        }))
    }

    pub(super) fn is_empty(&self) -> bool {
        guard("reading", || self.db.first()).is_none()
    }

    /// Applies all changes as one batch and returns when they are durable.
    pub(super) fn commit(&self, changes: &Layer) {
        let mut batch = sled::Batch::default();
        for (key, value) in changes.iter() {
            match value {
                Some(value) if value.len() > MAX_STORED_BYTES => die("checking a value's size", "it is too large"),
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        guard("applying a batch", || self.db.apply_batch(batch));
        self.sync();
    }

    /// Makes everything applied so far durable. sled's flush alone is `sync_file_range`: no metadata, no disk cache.
    pub(super) fn sync(&self) {
        guard("flushing", || self.db.flush());
        if let Err(error) = self.log.sync_data() {
            die("fdatasync", &error.to_string());
        }
    }
}

impl From<sled::Error> for NotOpened {
    fn from(error: sled::Error) -> NotOpened {
        match error {
            sled::Error::Io(error) if !matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::InvalidData) => {
                NotOpened::Io(error)
            }
            error => NotOpened::Damaged(error.to_string()),
        }
    }
}

/// Runs a call into sled; an error or a panic of sled ends the process.
fn guard<T>(step: &str, call: impl FnOnce() -> sled::Result<T>) -> T {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => value,
        Ok(Err(error)) => die(step, &error.to_string()),
        Err(_) => die(step, "the engine panicked"),
    }
}

/// Storage failed. sled's errors stay for ever or hang later calls, and what a failed fdatasync lost cannot be known,
/// so the process ends here; the supervisor starts it again and recovery finds what was acknowledged.
pub(super) fn die(step: &str, problem: &str) -> ! {
    tracing::error!(step, problem, "the store failed; maildeskd stops at once");
    // A log writer may still hold the line above in memory.
    let last_words = writeln!(std::io::stderr(), "maildeskd: the store failed while {step}: {problem}; aborting");
    drop(last_words);
    std::process::abort()
}
