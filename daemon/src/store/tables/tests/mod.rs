//! Tests of the tables on real stores in temporary folders.

mod counts;
mod directory;
mod indexes;
mod keys;
mod round_trips;
mod samples;
mod windows;

use tempfile::TempDir;

use crate::store::kv::{Options, Transaction};
use crate::store::{Store, StoreError};

/// A store in a folder of its own, gone with the test.
fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options =
        Options { min_free_bytes: 1 << 20, cache_bytes: 4 << 20, ..Options::new(&folder.path().join("store")) };
    let store = Store::open(&options).expect("a new store opens");
    (folder, store)
}

/// One commit.
async fn write<T: Send + 'static>(
    store: &Store,
    job: impl FnOnce(&mut Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.write(job).await.expect("the job is committed")
}
