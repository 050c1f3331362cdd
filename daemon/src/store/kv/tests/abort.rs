//! A group that hangs ends the process: shown by a child, which is this test binary again.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use crate::store::kv::watchdog::{Stage, Watched};

const ROLE: &str = "MAILDESK_TEST_HANGING_GROUP";
const SIGABRT: i32 = 6;

/// The child's side; does nothing as a test of its own.
#[test]
fn child() {
    if std::env::var_os(ROLE).is_some() {
        let watched = Arc::new(Watched::default());
        watched.begin(Stage::Disk);
        watched.watch(Duration::from_millis(50));
    }
}

#[test]
fn a_group_that_hangs_ends_the_process() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::kv::tests::abort::child", "--nocapture"])
        .env(ROLE, "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.signal(), Some(SIGABRT), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("the store failed while waiting for a commit"), "{text}");
}

#[test]
fn groups_in_time_and_closing_are_fine() {
    let watched = Arc::new(Watched::default());
    let watching = std::thread::spawn({
        let watched = Arc::clone(&watched);
        move || watched.watch(Duration::from_secs(60))
    });
    watched.begin(Stage::Disk);
    watched.end(Stage::Disk);
    watched.close();
    watching.join().unwrap();
}
