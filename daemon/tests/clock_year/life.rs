//! The desk as a process of its own, from its start until it is killed or the year is over.
//!
//! The test binary starts itself: its test `child` does nothing unless the environment names a folder. How far it came
//! stands in a file beside the store; `write` outlives kill -9.

use super::desk::{live, open};
use super::story::Year;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const FOLDER: &str = "MAILDESK_TEST_FOLDER";
const SEED: &str = "MAILDESK_TEST_SEED";
const LONGEST: Duration = Duration::from_secs(600);

/// The child's part. Returns at once in the parent.
pub(crate) fn live_until_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    // Also ends where the test is interrupted.
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL)).unwrap();
    let year = Year::of(std::env::var(SEED).unwrap().parse().unwrap());
    let store = open(&Path::new(&folder).join("store"));
    let progress = File::options().write(true).open(Path::new(&folder).join("progress")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let say = |done: usize| progress.write_all_at(&(done as u64 + 1).to_be_bytes(), 0).unwrap();
    runtime.block_on(live(&store, &year, say));
}

/// A running desk; killed when dropped.
pub(crate) struct Life {
    child: Child,
    progress: PathBuf,
}

impl Life {
    pub(crate) fn begin(folder: &Path, seed: u64) -> Life {
        let progress = folder.join("progress");
        fs::write(&progress, 0_u64.to_be_bytes()).unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture"])
            .env(FOLDER, folder)
            .env(SEED, seed.to_string())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Life { child, progress }
    }

    /// Nothing before its store was open, then one more than the acts that are done.
    fn came_to(&self) -> u64 {
        u64::from_be_bytes(fs::read(&self.progress).unwrap().try_into().unwrap())
    }

    /// Waits until so many acts of the year are done.
    pub(crate) fn wait_for(&mut self, acts: u64) {
        let deadline = Instant::now() + LONGEST;
        while self.came_to() <= acts {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the desk ended by itself ({status})");
            }
            assert!(Instant::now() < deadline, "the desk does not come to act {acts}");
            pass(Duration::from_millis(1));
        }
    }

    /// kill -9 after so many milliseconds; gives how far it came.
    pub(crate) fn die_within(mut self, milliseconds: u64) -> u64 {
        pass(Duration::from_millis(milliseconds));
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.came_to()
    }

    /// Waits for the end of the year.
    pub(crate) fn end(mut self) {
        let deadline = Instant::now() + LONGEST;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(status.success(), "the desk failed: {status}");
                return;
            }
            assert!(Instant::now() < deadline, "the year does not end");
            pass(Duration::from_millis(10));
        }
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Lets `length` pass: when the blow falls is the one thing here that is a matter of time.
fn pass(length: Duration) {
    std::thread::sleep(length);
}
