//! Mails at which their server or the virus scanner fails: they stop no other, and people see them.

use crate::desk::{Desk, SOON};
use anyhow::{Context, Result};
use maildesk_tests::odd_imap::{OddImap, OddMail};
use maildesk_tests::settings::{DeskSettings, Mailbox, Sender};
use maildesk_tests::{Letter, Testbed, eventually};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

fn letter(subject: &str) -> Letter {
    Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject(subject).text("Please.\r\n")
}

fn good(subject: &str) -> OddMail {
    OddMail::Whole(letter(subject).bytes())
}

/// A desk whose mailbox lies on the odd server.
async fn desk(server: &OddImap, more: &str) -> Result<Desk> {
    let bed = Testbed::start().await?;
    let mut mailbox = Mailbox::tls(&bed, "desk");
    (mailbox.host, mailbox.port, mailbox.encryption) = ("127.0.0.1".into(), server.port(), "plain".into());
    let settings = DeskSettings::empty().sender(&Sender::tls(&bed, "desk")).mailbox(&mailbox).lines(more);
    Desk::open_with(bed, &settings).await
}

/// The mail in quarantine with these words in its reason.
async fn set_aside(desk: &Desk, words: &str) -> Result<Value> {
    eventually(SOON, &format!("a mail is set aside: {words}"), async || {
        let held = desk.ask(&["quarantine", "list"]).await?;
        let has = |mail: &&Value| mail["reason"].as_str().is_some_and(|reason| reason.contains(words));
        anyhow::Ok(held.as_array().into_iter().flatten().find(has).cloned())
    })
    .await
}

#[tokio::test]
async fn a_mail_that_ends_the_connection_is_set_aside_and_stays_unread() -> Result<()> {
    let server = OddImap::start([good("First"), OddMail::HangsUp, good("Third"), OddMail::HangsUpAtSize]).await?;
    let desk = desk(&server, "").await?;
    for subject in ["First", "Third"] {
        assert_eq!(desk.judged(subject).await?["outcome"], "new_ticket");
    }
    // That others come shows that the server works.
    eventually(SOON, "it was asked for alone", async || anyhow::Ok(server.asked(2) > 1)).await?;
    server.put(5, good("Fifth"));
    assert_eq!(desk.judged("Fifth").await?["outcome"], "new_ticket");
    let held = eventually(SOON, "both are set aside", async || {
        let held = desk.ask(&["quarantine", "list"]).await?;
        anyhow::Ok((held.as_array().map(Vec::len) == Some(2)).then_some(held))
    })
    .await?;
    desk.fares("/mailboxes/0", "working").await?;
    assert!(server.asked(2) < 10, "it is asked for no more");
    eventually(SOON, "all that came is marked as read, and nothing else", async || {
        anyhow::Ok(server.seen() == [1, 3, 5])
    })
    .await?;

    // It can be had again: whoever wants it has it fetched, and then it is read.
    server.put(2, good("Second"));
    let mut id = String::new();
    for mail in held.as_array().into_iter().flatten() {
        assert!(mail["reason"].as_str().is_some_and(|why| why.starts_with("not fetched: its server failed at it")));
        let number = mail["id"].to_string();
        if desk.ask(&["mail", "show", &number]).await?["uid"] == 2 {
            id = number;
        }
    }
    desk.ask(&["quarantine", "release", &id]).await?;
    assert_eq!(desk.judged("Second").await?["outcome"], "new_ticket");
    eventually(SOON, "it is marked as read", async || anyhow::Ok(server.seen() == [1, 2, 3, 5])).await?;
    assert_eq!(desk.tickets().await?.len(), 4);
    Ok(())
}

#[tokio::test]
async fn a_mail_that_is_larger_than_it_says_is_not_read_and_set_aside_at_once() -> Result<()> {
    let long = OddMail::Announces(400 << 20, letter("Long").bytes());
    let server = OddImap::start([good("First"), long, good("Third")]).await?;
    let desk = desk(&server, "").await?;
    for subject in ["First", "Third"] {
        assert_eq!(desk.judged(subject).await?["outcome"], "new_ticket");
    }
    let held = set_aside(&desk, "announces more than the 52428800 bytes").await?;
    assert_eq!(server.asked(2), 2, "among others, then alone");
    assert!(desk.daemon.peak_bytes().context("it runs")? < 200 << 20, "it is not read into memory");
    // In pieces it comes.
    desk.ask(&["quarantine", "release", &held["id"].to_string()]).await?;
    desk.judged("Long").await?;
    Ok(())
}

#[tokio::test]
async fn a_mail_that_is_nil_is_told_and_tried_again() -> Result<()> {
    let server = OddImap::start([good("First"), OddMail::Nil, good("Third")]).await?;
    let desk = desk(&server, "").await?;
    for subject in ["First", "Third"] {
        assert_eq!(desk.judged(subject).await?["outcome"], "new_ticket");
    }
    let faulty = desk.fares("/mailboxes/0", "faulty").await?;
    assert!(faulty.to_string().contains("the mail with UID 2 cannot be taken in, others are"), "{faulty}");
    assert!(faulty.to_string().contains("hands out nothing of it"), "{faulty}");
    assert!(!server.seen().contains(&2));
    server.put(2, good("Second"));
    assert_eq!(desk.judged("Second").await?["outcome"], "new_ticket");
    desk.fares("/mailboxes/0", "working").await?;
    Ok(())
}

/// Dovecot ends the connection at a mail whose file it cannot read.
#[tokio::test]
async fn a_mail_that_dovecot_cannot_read_stops_no_other() -> Result<()> {
    let desk = Desk::open().await?;
    let inbox = desk.bed.mailbox("desk");
    // Moved in all at once, so that they are in one fetch.
    inbox.seed(["Before", "Broken", "Behind"].map(|subject| letter(subject).bytes()))?;
    let broken = |file: &PathBuf| std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o000));
    let file = inbox.mails()?.into_iter().find(|mail| String::from_utf8_lossy(&mail.bytes).contains("Broken"));
    broken(&file.context("it lies there")?.file)?;
    for subject in ["Before", "Behind"] {
        assert_eq!(desk.judged(subject).await?["outcome"], "new_ticket");
    }
    let held = set_aside(&desk, "not fetched: its server failed at it 3 times").await?;
    assert_eq!(held["outcome"], "quarantined");
    desk.fares("/mailboxes/0", "working").await?;
    assert_eq!(desk.bed.mailbox("desk").counts().await?.unseen, 1, "it stays unread");
    Ok(())
}

/// A clamd that a mail with `crash` in it brings down: its socket is gone until the next
/// poll, as while systemd starts it anew.
async fn fragile_clamd(socket: PathBuf, server: Arc<OddImap>) -> Result<()> {
    loop {
        std::fs::remove_file(&socket).ok();
        let listener = UnixListener::bind(&socket)?;
        loop {
            let (mut stream, _) = listener.accept().await?;
            if scanned(&mut stream).await?.windows(5).any(|bytes| bytes == b"crash") {
                break;
            }
            stream.write_all(b"stream: OK\0").await?;
        }
        drop(listener);
        std::fs::remove_file(&socket)?;
        let before = server.connections();
        eventually(SOON, "the next poll", async || anyhow::Ok(server.connections() > before)).await?;
    }
}

/// The bytes that are shown to it (INSTREAM of clamd(8)).
async fn scanned(stream: &mut UnixStream) -> Result<Vec<u8>> {
    stream.read_exact(&mut [0; 10]).await?;
    let mut mail = Vec::new();
    loop {
        let length = stream.read_u32().await?;
        if length == 0 {
            return Ok(mail);
        }
        stream.take(length.into()).read_to_end(&mut mail).await?;
    }
}

#[tokio::test]
async fn a_mail_that_brings_the_scanner_down_goes_to_quarantine_unscanned() -> Result<()> {
    let crash = letter("Crash").header("X-Odd", "crash").bytes();
    let server = Arc::new(OddImap::start([good("First"), OddMail::Whole(crash), good("Third")]).await?);
    let socket = std::env::temp_dir().join(format!("maildesk-fragile-{}.ctl", std::process::id()));
    let clamd = tokio::spawn(fragile_clamd(socket.clone(), Arc::clone(&server)));
    let desk = desk(&server, &format!("[judging]\nvirus_scan = {{ clamd = \"{}\" }}\n", socket.display())).await?;
    for subject in ["First", "Third"] {
        assert_eq!(desk.judged(subject).await?["outcome"], "new_ticket");
    }
    let held = set_aside(&desk, "not scanned for viruses: failed at it 3 times").await?;
    assert_eq!(held["subject"], "Crash");
    desk.fares("/mailboxes/0", "working").await?;
    assert_eq!(desk.tickets().await?.len(), 2, "it is not delivered");
    clamd.abort();
    Ok(())
}
