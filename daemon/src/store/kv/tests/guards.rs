//! The guards of opening, and refusing writes without room.

use std::fs;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::{options, put, store};
use crate::store::error::{OpenError, StoreError};
use crate::store::kv::committer::Committer;
use crate::store::kv::engine::Engine;
use crate::store::kv::job::Work;
use crate::store::kv::lock::{Lock, beside};
use crate::store::kv::shared::Shared;
use crate::store::kv::space::Space;
use crate::store::kv::watchdog::Watched;
use crate::store::kv::writer::{Message, Writer};
use crate::store::kv::{Kv, Options, Read};

#[test]
fn a_store_in_use_is_refused_with_the_holder() {
    let (folder, kv) = store();
    let error = Kv::open(&options(&folder)).err().unwrap();
    assert!(error.to_string().contains(&format!("in use by process {} ", std::process::id())), "{error}");
    drop(kv);
    Kv::open(&options(&folder)).unwrap();
}

#[test]
fn a_removed_lock_file_does_not_let_a_second_one_in() {
    let (folder, kv) = store();
    let dir = options(&folder).dir;
    fs::remove_file(beside(&dir, ".lock")).unwrap();
    let error = Kv::open(&options(&folder)).err().unwrap();
    assert!(matches!(error, OpenError::Locked { .. }), "{error}");
    assert!(!beside(&dir, ".retry").exists() && !beside(&dir, ".damaged-1").exists(), "not taken for damage");
    drop(kv);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let (folder, kv) = store();
    assert_eq!(kv.schema(), 1);
    kv.write(|tx| -> Result<(), StoreError> {
        tx.set_schema(3);
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!(kv.schema(), 3);
    drop(kv);
    let open = |known_schema| Kv::open(&Options { known_schema, ..options(&folder) });
    let error = open(2).err().unwrap();
    assert!(matches!(error, OpenError::NewerSchema { stored: 3, known: 2, .. }), "{error}");
    assert_eq!(open(4).unwrap().schema(), 3, "an older store opens, for the migration");
}

#[test]
fn files_in_blobs_are_refused() {
    let (folder, kv) = store();
    drop(kv);
    let blobs = options(&folder).dir.join("blobs");
    fs::create_dir_all(&blobs).unwrap();
    fs::write(blobs.join("123"), b"x").unwrap();
    assert!(matches!(Kv::open(&options(&folder)), Err(OpenError::Blobs { .. })));
}

#[test]
fn a_foreign_sled_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut layer = crate::store::kv::layer::Layer::default();
    layer.set(b"foreign".to_vec(), Some(b"1".into()));
    Engine::open(&options(&folder).dir, 1 << 20).unwrap().commit(&layer);
    assert!(matches!(Kv::open(&options(&folder)), Err(OpenError::UnknownLayout { .. })));
}

#[test]
fn room_is_asked_for() {
    let (folder, kv) = store();
    assert!(kv.has_room());
    drop(kv);
    let open = |min_free_bytes| Kv::open(&Options { min_free_bytes, ..options(&folder) });
    let free = {
        let stat = rustix::fs::statvfs(folder.path()).unwrap();
        stat.f_bavail * stat.f_frsize
    };
    assert!(!open(free * 2).unwrap().has_room(), "too little for mail, enough to work");
    assert!(matches!(open(u64::MAX), Err(OpenError::NoRoom { .. })));
}

#[tokio::test]
async fn writes_without_room_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let dir = options(&folder).dir;
    let lock = Lock::take(&dir).unwrap();
    let shared = Arc::new(Shared::new(Engine::open(&dir, 1 << 20).unwrap(), lock));
    let (sender, queue) = mpsc::channel::<Message>(1);
    let (work, outcome) = Work::new(put(b"a", b"1"));
    sender.send(vec![Box::new(work)]).await.unwrap();
    drop(sender);
    let space = Space::new(&dir, u64::MAX);
    let watched = Arc::new(Watched::default());
    let (committing, committer) = Committer::new(Arc::clone(&shared), Arc::clone(&watched));
    let writer = Writer { shared: Arc::clone(&shared), queue, committer, space, watched };
    let threads =
        [tokio::task::spawn_blocking(move || committing.run()), tokio::task::spawn_blocking(move || writer.run())];
    for thread in threads {
        thread.await.unwrap();
    }
    let error = outcome.await.unwrap().unwrap_err();
    assert!(matches!(error, StoreError::NoRoom { .. }) && error.is_transient(), "{error}");
    assert!(!shared.read(|view| view.contains(b"a")));
}

#[tokio::test]
async fn a_half_written_or_damaged_snapshot_is_no_loss() {
    let (folder, kv) = store();
    let dir = options(&folder).dir;
    for number in 0..50u32 {
        kv.write(put(&number.to_be_bytes(), &[1; 3000])).await.unwrap();
    }
    drop(kv);
    drop(Kv::open(&options(&folder)).unwrap());
    let snapshot = fs::read_dir(&dir)
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| path.file_name().unwrap().to_string_lossy().starts_with("snap."))
        .unwrap();
    fs::write(dir.join("snap.0000.generating"), b"half").unwrap();
    assert_eq!(Kv::open(&options(&folder)).unwrap().scan(b"", None, 100).unwrap().len(), 50);
    assert!(!dir.join("snap.0000.generating").exists());
    assert!(!beside(&dir, ".damaged-1").exists(), "no repair was needed");
    let snapshot = if snapshot.exists() { snapshot } else { newest_snapshot(&dir) };
    fs::write(&snapshot, b"").unwrap();
    let kv = Kv::open(&options(&folder)).unwrap();
    assert_eq!(kv.scan(b"", None, 100).unwrap().len(), 50);
    assert!(beside(&dir, ".damaged-1").join("db").exists(), "the original is kept");
    assert!(!beside(&dir, ".retry").exists());
    kv.write(put(b"after", b"1")).await.unwrap();
}

fn newest_snapshot(dir: &std::path::Path) -> std::path::PathBuf {
    let paths = fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
    paths.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("snap.")).max().unwrap()
}

#[test]
fn an_unreadable_store_is_damaged_and_left_as_it_was() {
    let (folder, kv) = store();
    drop(kv);
    let dir = options(&folder).dir;
    fs::write(dir.join("conf"), b"garbage of some length, certainly not a configuration").unwrap();
    let log = fs::read(dir.join("db")).unwrap();
    match Kv::open(&options(&folder)) {
        Err(OpenError::Damaged { .. }) => {}
        other => panic!("{:?}", other.err()),
    }
    assert_eq!(fs::read(dir.join("db")).unwrap(), log);
}
