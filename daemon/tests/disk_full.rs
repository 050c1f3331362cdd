//! A full disk: writes are refused before it is full; where it fills up all the same, the process ends at once and
//! loses nothing. Needs root for a small file system of its own; says so where it cannot run.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "all of this file is a test")]

mod store_child;

use std::fs;
use std::io::ErrorKind;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Command;

use maildesk_daemon::store::error::StoreError;
use maildesk_daemon::store::kv::{Kv, Options, Read as _};
use store_child::{Moments, Writer, options, pass, verify};

const DISK_BYTES: usize = 64 << 20;
const SIGABRT: i32 = 6;

/// The child's side; does nothing as a test of its own.
#[test]
fn child() {
    store_child::write_until_killed();
}

/// A tmpfs of 64 MiB; unmounted when dropped.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new() -> Option<Disk> {
        let disk = Disk(tempfile::tempdir().unwrap());
        let size = format!("size={DISK_BYTES}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(disk.0.path()).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(disk);
        }
        println!("not run: mounting a small file system needs root");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all space but `left` bytes.
    fn fill(&self, left: u64) {
        let stat = rustix::fs::statvfs(self.path()).unwrap();
        let length = (stat.f_bavail * stat.f_frsize).saturating_sub(left);
        match fs::write(self.path().join("ballast"), vec![1; usize::try_from(length).unwrap()]) {
            // A child that writes may have been faster; then it is full all the more.
            Err(error) if error.kind() == ErrorKind::StorageFull => {}
            other => other.unwrap(),
        }
    }

    fn free(&self) {
        fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg(self.path()).output().ok();
    }
}

#[test]
fn a_disk_that_fills_up_ends_the_process_and_loses_nothing() {
    let Some(disk) = Disk::new() else { return };
    let (store, acks_folder) = (disk.path().join("store"), tempfile::tempdir().unwrap());
    let acks = acks_folder.path().join("acks");
    let mut moments = Moments(77);
    let mut last = 0;
    for batch in [1, 40, 12] {
        let mut writer = Writer::start_with(&store, &acks, batch, 0, &[]);
        writer.wait_for("first ack", |_, acked| acked > 0);
        pass(moments.below(std::time::Duration::from_millis(200)));
        disk.fill(300_000);
        let status = writer.end();
        assert_eq!(status.signal(), Some(SIGABRT), "{status}");
        let acked = writer.acked().1;
        assert!(acked > last);
        disk.free();
        last = verify(&store, acked);
    }
}

#[test]
fn writes_are_refused_while_the_disk_is_nearly_full_and_go_on_afterwards() {
    let Some(disk) = Disk::new() else { return };
    let store = disk.path().join("store");
    let kv = Kv::open(&Options { min_free_bytes: 32 << 20, ..options(&store) }).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let put = |key: &'static [u8]| runtime.block_on(kv.write(move |tx| tx.put(key, &[1; 5000])));
    put(b"a").unwrap();
    assert!(kv.has_room());
    disk.fill(8 << 20);
    assert!(!kv.has_room(), "no more mail");
    put(b"b").unwrap();
    disk.free();
    disk.fill(2 << 20);
    assert!(matches!(put(b"c"), Err(StoreError::NoRoom { .. })));
    assert_eq!(kv.scan(b"", None, 9).unwrap().len(), 2, "reads go on");
    disk.free();
    assert!(kv.has_room());
    put(b"c").unwrap();
    assert_eq!(kv.scan(b"", None, 9).unwrap().len(), 3);
}
