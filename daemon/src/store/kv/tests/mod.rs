//! Tests of the waist on real stores in temporary folders.

mod abort;
mod ahead;
mod damage;
mod group;
mod guards;
mod model;
mod overlay;
mod readers;

use tempfile::TempDir;

use super::{Kv, Options, Transaction};
use crate::store::error::StoreError;

/// A store in a folder of its own, gone with the test.
fn store() -> (TempDir, Kv) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let kv = Kv::open(&options(&folder)).expect("a new store opens");
    (folder, kv)
}

fn options(folder: &TempDir) -> Options {
    Options { min_free_bytes: 1 << 20, cache_bytes: 4 << 20, ..Options::new(&folder.path().join("store")) }
}

/// A job that puts one value.
fn put(
    key: &[u8],
    value: &[u8],
) -> impl FnOnce(&mut Transaction<'_>) -> Result<(), StoreError> + Send + 'static + use<> {
    let (key, value) = (key.to_vec(), value.to_vec());
    move |tx| tx.put(&key, &value)
}
