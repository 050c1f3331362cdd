//! What was acknowledged survives a power cut.
//!
//! As root with loop devices: the store lies on ext4, whose disk is a file on XFS. A reflink copy of that file while
//! the store is written is what the disk held at that instant; nothing of the page cache is in it. The copy is
//! mounted and the store on it opened. (The kind disk: one without a volatile cache.) Else, with `strace`: each
//! acknowledgement must have an `fdatasync` of the log before it.
//!
//! `MAILDESK_CUTS` sets how many cuts (default 10), `MAILDESK_POWER_CUT=strace` the second way.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "all of this file is a test")]

mod store_child;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use store_child::{Moments, Writer, pass, verify};

/// The child's side; does nothing as a test of its own.
#[test]
fn child() {
    store_child::write_until_killed();
}

#[test]
fn what_was_acknowledged_survives_a_power_cut() {
    let only_strace = std::env::var("MAILDESK_POWER_CUT").is_ok_and(|way| way == "strace");
    match if only_strace { None } else { Disks::new() } {
        Some(disks) => cut_power(&disks),
        None => trace_system_calls(),
    }
}

/// Runs a command; its output where it failed.
fn run(words: &[&str]) -> Result<(), String> {
    let output = Command::new(words[0]).args(&words[1..]).output().map_err(|error| format!("{words:?}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    output.status.success().then_some(()).ok_or_else(|| format!("{words:?}: {text}"))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The nested file systems; unmounted when dropped.
struct Disks {
    folder: tempfile::TempDir,
}

impl Disks {
    /// None where this machine cannot do it; says why.
    fn new() -> Option<Disks> {
        let disks = Disks { folder: tempfile::tempdir().unwrap() };
        match disks.make() {
            Ok(()) => Some(disks),
            Err(error) => {
                println!("no power cut emulation here: {error}");
                None
            }
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn make(&self) -> Result<(), String> {
        for name in ["xfs", "live", "cut"] {
            fs::create_dir(self.path(name)).unwrap();
        }
        let (outer, inner) = (self.path("outer.img"), self.path("xfs/inner.img"));
        run(&["truncate", "-s", "4G", text(&outer)])?;
        run(&["mkfs.xfs", "-q", "-m", "reflink=1", text(&outer)])?;
        run(&["mount", "-o", "loop", text(&outer), text(&self.path("xfs"))])?;
        run(&["truncate", "-s", "1G", text(&inner)])?;
        run(&["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", text(&inner)])?;
        run(&["mount", "-o", "loop", text(&inner), text(&self.path("live"))])
    }

    /// The cut: what the disk holds now.
    fn cut(&self) {
        let (inner, copy) = (self.path("xfs/inner.img"), self.path("xfs/cut.img"));
        run(&["cp", "--reflink=always", text(&inner), text(&copy)]).unwrap();
    }

    /// Works on the file system of the cut.
    fn with_cut(&self, work: impl FnOnce(&Path)) {
        let (copy, place) = (self.path("xfs/cut.img"), self.path("cut"));
        run(&["mount", "-o", "loop", text(&copy), text(&place)]).unwrap();
        work(&place);
        run(&["umount", text(&place)]).unwrap();
        fs::remove_file(copy).unwrap();
    }
}

impl Drop for Disks {
    fn drop(&mut self) {
        for name in ["cut", "live", "xfs"] {
            run(&["umount", text(&self.path(name))]).ok();
        }
    }
}

fn cut_power(disks: &Disks) {
    let cuts: u32 = std::env::var("MAILDESK_CUTS").map_or(10, |cuts| cuts.parse().unwrap());
    let acks = disks.path("acks");
    let mut moments = Moments(0x2545_f491_4f6c_dd1d);
    let mut in_all = 0;
    for cut in 0..cuts {
        let store = disks.path("live/store");
        let batch = [12, 1, 100][cut as usize % 3];
        let mut writer = Writer::start(&store, &acks, batch);
        writer.wait_for("first ack", |_, acked| acked > 0);
        pass(Duration::from_millis(200) + moments.below(Duration::from_millis(1500)));
        let (_, acked) = writer.acked();
        disks.cut();
        in_all = writer.kill();
        disks.with_cut(|place| {
            let found = verify(&place.join("store"), acked);
            println!("cut {cut}: {acked} acknowledged, {found} there");
        });
    }
    println!("variant: power cut on nested disks; {cuts} cuts, {in_all} records written");
}

fn trace_system_calls() {
    let folder = tempfile::tempdir().unwrap();
    let (store, acks, trace) = (folder.path().join("store"), folder.path().join("acks"), folder.path().join("trace"));
    let calls = "trace=fdatasync,write,pwrite64";
    // One line per call in the order of their ends: `pid fdatasync(9</path/db>) = 0`.
    let strace: Vec<String> =
        ["strace", "-f", "-y", "-e", calls, "-o", text(&trace)].into_iter().map(Into::into).collect();
    if let Err(error) = run(&["strace", "-V"]) {
        panic!("this test needs root with loop devices and mkfs.xfs, or strace: {error}");
    }
    let mut writer = Writer::start_with(&store, &acks, 1, 16 << 20, &strace);
    writer.wait_for("50 acks", |_, acked| acked >= 50);
    let lines = fs::read_to_string(&trace).unwrap();
    drop(writer);
    let (log, acked_to) = (format!("<{}>", text(&store.join("db"))), format!("<{}>", text(&acks)));
    let (mut acked, mut synced_by) = (0, None);
    for line in lines.lines() {
        let thread = line.split_whitespace().next();
        let done = line.ends_with("= 0");
        let whole = line.contains("fdatasync(") && line.contains(&log);
        if done && (whole || line.contains("fdatasync resumed")) {
            synced_by = thread;
        } else if line.contains("pwrite64(") && line.contains(&log) && thread == synced_by {
            // The writer goes on to its next group. (sled's own thread writes whenever it likes.)
            synced_by = None;
        } else if line.contains("write(") && line.contains(&acked_to) && !line.contains("open\\n") {
            assert!(synced_by.is_some(), "an acknowledgement without fdatasync of the log before it: {line}");
            acked += 1;
            synced_by = None;
        }
    }
    assert!(acked >= 50, "only {acked} acknowledgements in the trace");
    println!("variant: strace; each of {acked} acknowledgements had its fdatasync of the log before it");
}
