//! How the daemon takes signals.

use crate::desk::{Desk, SOON};
use anyhow::Result;
use maildesk_tests::{Letter, eventually};
use rustix::process::Signal;
use std::time::{Duration, Instant};

#[tokio::test]
async fn term_stops_it_within_the_grace_time() -> Result<()> {
    let mut desk = Desk::open().await?;
    // Somebody is watching, and mail is under way.
    let mut follower = desk.cli.command(&["events", "--follow"]).spawn()?;
    for number in 0..20 {
        let letter = Letter::from("alice@desk.test").to("desk@desk.test").subject(&format!("Mail {number}"));
        desk.receives("alice@desk.test", &letter).await?;
    }
    let start = Instant::now();
    let status = desk.daemon.terminate()?;
    assert!(status.success(), "{status}");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert!(!desk.daemon.socket().exists());
    let ended = tokio::time::timeout(SOON, follower.wait()).await??;
    assert_eq!(ended.code(), Some(69), "the watcher is told that the daemon is gone");

    desk.daemon.start_again().await?;
    desk.judged_in_all(20).await?;
    desk.outbox_is_done().await?;
    assert_eq!(desk.tickets().await?.len(), 20);
    Ok(())
}

#[tokio::test]
async fn hang_up_reads_the_log_level_anew() -> Result<()> {
    let desk = Desk::open().await?;
    let log = desk.bed.scratch.log_file("maildeskd");
    let says = async |words: &str| {
        eventually(SOON, &format!("the log says {words:?}"), || {
            let said = std::fs::read_to_string(&log).map(|text| text.contains(words));
            async { said }
        })
        .await
    };
    drop(tokio::net::UnixStream::connect(desk.daemon.socket()).await?);
    desk.cli.ok(&["status"]).await?;
    assert!(!std::fs::read_to_string(&log)?.contains("DEBUG"));
    let bootstrap = std::fs::read_to_string(desk.daemon.config_file())?;
    let with = |level: &str| std::fs::write(desk.daemon.config_file(), bootstrap.replace("\"info\"", level));
    with("\"=loud=\"")?;
    desk.daemon.signal(Signal::HUP)?;
    says("the log level stays as it was").await?;
    with("\"debug\"")?;
    desk.daemon.signal(Signal::HUP)?;
    says("the log level was read anew").await?;
    // The same lines come over the socket, where nobody may read the journal.
    let lines = desk.cli.ok(&["logs"]).await?;
    assert!(lines.contains("maildeskd is up") && lines.contains("the log level was read anew"), "{lines}");
    let worse = desk.cli.json(&["logs", "--level", "warning"]).await?;
    assert!(worse["data"].as_array().is_some_and(|lines| lines.len() == 1), "{worse}");
    // One who connects and says nothing is worth a line at this level only.
    drop(tokio::net::UnixStream::connect(desk.daemon.socket()).await?);
    says("DEBUG").await
}
