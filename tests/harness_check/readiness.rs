//! What the harness says when something does not come: a program that ends, a wait that is in vain.

use maildesk_tests::daemon::{Daemon, DaemonOptions};
use maildesk_tests::scratch::Scratch;
use maildesk_tests::{eventually, wait};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn script(scratch: &Scratch, text: &str) -> PathBuf {
    let file = scratch.path().join("stand-in");
    std::fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    file
}

#[tokio::test]
async fn a_daemon_that_ends_is_reported_at_once_with_its_last_words() {
    let scratch = Scratch::new().unwrap();
    let program = script(&scratch, "echo cannot open the store >&2; exit 3");
    let start = Instant::now();
    let started = Daemon::start(&scratch, DaemonOptions { program: Some(program), ..Default::default() }).await;
    let error = format!("{:#}", started.err().expect("it ended"));
    assert!(error.contains("exit status: 3") && error.contains("cannot open the store"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

/// A stand-in that listens on the socket its bootstrap file names.
const LISTENER: &str = r#"
socket=$(sed -n "s/^socket = [\"']\(.*\)[\"']$/\1/p" "$2")
exec python3 -c 'import os,socket,sys,signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
path=sys.argv[1]
if os.path.exists(path): os.unlink(path)
s=socket.socket(socket.AF_UNIX); s.bind(path); s.listen(100)
signal.sigwait({signal.SIGTERM})' "$socket""#;

#[tokio::test]
async fn a_daemon_is_killed_restarted_and_terminated() {
    let scratch = Scratch::new().unwrap();
    let program = Some(script(&scratch, LISTENER));
    let mut daemon = Daemon::start(&scratch, DaemonOptions { program, ..Default::default() }).await.unwrap();
    let first = daemon.id().unwrap();
    assert!(daemon.resident_bytes().unwrap() > 100_000);
    daemon.kill_hard().unwrap();
    assert_eq!(daemon.id(), None);
    daemon.start_again().await.unwrap();
    assert_ne!(daemon.id().unwrap(), first);
    daemon.restart().await.unwrap();
    assert!(daemon.terminate().unwrap().success());
}

#[tokio::test]
async fn a_wait_in_vain_names_what_it_waited_for_and_what_it_saw() {
    let limit = Duration::from_millis(60);
    let error = eventually(limit, "the moon", async || Err::<bool, _>("only stars")).await.unwrap_err();
    assert!(error.to_string().contains("the moon") && error.to_string().contains("only stars"), "{error}");
    let error = eventually(limit, "an answer", std::future::pending::<bool>).await.unwrap_err();
    assert!(error.to_string().contains("an answer"), "{error}");
    assert_eq!(eventually(limit, "a number", async || Some(7)).await.unwrap(), 7);
    assert!(wait::blocking(limit, "nothing", || false).is_err());
}
