//! Tests of the waist on real stores in temporary folders.

mod group;

use tempfile::TempDir;

use super::{Kv, Options};

/// A store in a folder of its own, gone with the test.
fn store() -> (TempDir, Kv) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let kv = Kv::open(&options(&folder)).expect("a new store opens");
    (folder, kv)
}

fn options(folder: &TempDir) -> Options {
    Options { min_free_bytes: 1 << 20, cache_bytes: 4 << 20, ..Options::new(&folder.path().join("store")) }
}
