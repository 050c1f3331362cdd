//! Mails that no person wrote: none of them stops the ones behind it, and none is lost.

use crate::desk::{Desk, noise, sha256};
use anyhow::{Context, Result};
use data_encoding::BASE64;
use maildesk_tests::settings::{DeskSettings, desk_settings};
use maildesk_tests::{Letter, Testbed};
use serde_json::Value;

const LARGEST: usize = 2_000_000;

/// What they are called, and their bytes.
fn hostile_mails() -> Vec<(&'static str, Vec<u8>)> {
    let head = "From: Mallory <mallory@world.test>\r\nSubject: Hello\r\n";
    let nested = format!("{head}{}Deep\r\n", "Content-Type: message/rfc822\r\n\r\n".repeat(40_000));
    let level = |n: usize| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n");
    let parts = format!("{head}{}", (0..21_000).map(level).collect::<String>());
    let header = format!("{head}X-Huge: {}\r\n\r\nText\r\n", "a".repeat(1 << 20));
    let folded = format!("{head}X-Folds:{}\r\n\r\nText\r\n", "\r\n x".repeat(100_000));
    let addresses = format!("{head}To: {}\r\n\r\nText\r\n", "a@world.test, ".repeat(50_000));
    let html = format!("{head}Content-Type: text/html\r\n\r\n{}\r\n", "<div>".repeat(200_000));
    assert!(parts.len() > 1_000_000 && nested.len() > 1_000_000);
    vec![
        ("no headers at all", b"just some words\r\nand a second line\r\n".to_vec()),
        ("nothing but line ends", b"\r\n\r\n\r\n".to_vec()),
        ("binary garbage", noise(20_000)),
        ("nested messages", nested.into_bytes()),
        ("NULs", b"From: nul@world.test\r\nSubject: N\0ul\r\n\r\nTe\0xt\r\n".to_vec()),
        ("deep parts", parts.into_bytes()),
        ("huge header", header.into_bytes()),
        ("folded header", folded.into_bytes()),
        ("many addresses", addresses.into_bytes()),
        ("deep HTML", html.into_bytes()),
    ]
}

/// As IMAP hands it out: lines end in CR LF, and a NUL cannot stand in a literal (Dovecot writes 0x80).
fn on_the_wire(mail: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(mail.len());
    for (at, byte) in mail.iter().enumerate() {
        if *byte == b'\n' && (at == 0 || mail[at - 1] != b'\r') {
            wire.push(b'\r');
        }
        wire.push(if *byte == 0 { 0x80 } else { *byte });
    }
    wire
}

#[tokio::test]
async fn a_good_mail_behind_bad_ones_becomes_a_ticket() -> Result<()> {
    let bed = Testbed::start().await?;
    let bad = hostile_mails();
    let good = Letter::from("alice@desk.test").to("desk@desk.test").subject("A good mail").text("Please.\r\n");
    let too_large = good.clone().subject("Too large").attach("a.bin", "application/octet-stream", noise(LARGEST));
    let last = [too_large.bytes(), good.bytes()];
    bed.mailbox("desk").seed(bad.iter().map(|(_, bytes)| bytes.clone()).chain(last))?;
    let limit = format!("poll_seconds = 1\nmax_mail_bytes = {LARGEST}");
    let settings = desk_settings(&bed).text().replace("poll_seconds = 1", &limit);
    let desk = Desk::open_with(bed, &DeskSettings::empty().lines(&settings)).await?;

    let judged = desk.judged_in_all(bad.len() + 2).await?;
    let good = judged.iter().find(|mail| mail["subject"] == "A good mail").context("the good one")?;
    assert_eq!(good["outcome"], "new_ticket");
    for (name, bytes) in &bad {
        let hash = sha256(&on_the_wire(bytes));
        let verdict = judged.iter().find(|mail| mail["raw_sha256"] == hash);
        let verdict = verdict.with_context(|| format!("{name}: its bytes are not kept"))?;
        println!("{name}: {} {}", verdict["outcome"], verdict["reason"]);
        kept_for_a_person(&desk, name, verdict, &hash).await?;
    }
    let quarantined = desk.ask(&["quarantine", "list", "--all"]).await?;
    let quarantined = quarantined.as_array().context("a list")?;
    let reasons = |word: &str| quarantined.iter().any(|mail| mail["reason"].as_str().is_some_and(|r| r.contains(word)));
    assert!(reasons("nested messages") && reasons("parts") && reasons("no usable sender"), "{quarantined:?}");
    assert!(reasons("more than the 2000000 this mailbox takes"), "{quarantined:?}");
    desk.polls().await?;
    assert_eq!(desk.bed.mailbox("desk").counts().await?.unseen, 1, "all are Seen that were fetched");
    assert!(desk.outbox().await?.is_empty(), "mail from before the first contact is not answered");
    Ok(())
}

/// A ticket that can be shown, or in quarantine with a reason and every byte.
async fn kept_for_a_person(desk: &Desk, name: &str, verdict: &Value, hash: &str) -> Result<()> {
    match verdict["outcome"].as_str() {
        Some("new_ticket") => {
            desk.cli.ok(&["ticket", "show", &verdict["ticket"].to_string()]).await?;
        }
        Some("quarantined") => {
            assert!(verdict["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{name}: {verdict}");
            let id = verdict["id"].to_string();
            let raw = desk.cli.command(&["quarantine", "show", &id, "--raw"]).output().await?;
            assert_eq!(sha256(&raw.stdout), hash, "{name}");
            desk.cli.ok(&["quarantine", "show", &id]).await?;
        }
        _ => panic!("{name}: {verdict}"),
    }
    Ok(())
}

#[tokio::test]
async fn every_charset_is_read() -> Result<()> {
    let desk = Desk::open().await?;
    let japanese: &[u8] = b"\x1b$BF|K\\8l\x1b(B";
    let japanese_subject = format!("=?iso-2022-jp?B?{}?=", BASE64.encode(japanese));
    let mails = [
        ("iso-8859-1", "=?iso-8859-1?Q?Gr=FC=DFe?=", b"Gr\xfc\xdfe".as_slice(), "Grüße"),
        ("koi8-r", "=?koi8-r?B?8NLJ18XU?=", b"\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"),
        ("iso-2022-jp", &japanese_subject, japanese, "日本語"),
        ("windows-1252", "=?windows-1252?Q?=80_5?=", b"\x80 5", "€ 5"),
    ];
    for (charset, subject, text, _) in mails {
        let letter = Letter::from("alice@desk.test").to("desk@desk.test").subject(subject).text_in(charset, text);
        desk.receives("alice@desk.test", &letter).await?;
    }
    for (charset, _, _, words) in mails {
        let number = desk.judged(words).await.context(charset)?["ticket"].to_string();
        let shown = desk.cli.ok(&["ticket", "show", &number]).await?;
        assert_eq!(shown.matches(words).count(), 2, "{charset}, subject and text: {shown}");
    }
    Ok(())
}

#[tokio::test]
async fn mail_text_cannot_steer_a_terminal() -> Result<()> {
    let desk = Desk::open().await?;
    let trick = "\u{1b}]0;pwned\u{7}\u{1b}[2J\u{202e}evil";
    let letter = Letter::from("alice@desk.test").to("desk@desk.test").subject(trick).text(trick);
    desk.receives("alice@desk.test", &letter).await?;
    desk.judged_in_all(1).await?;
    for command in [&["ticket", "list"][..], &["ticket", "show", "1"], &["mail", "show", "1"], &["events"]] {
        for colour in ["never", "always"] {
            let shown = desk.cli.ok(&[command, &["--color", colour]].concat()).await?;
            assert!(shown.contains("evil") || command[0] == "events", "{shown:?}");
            for forbidden in ["\u{1b}]", "\u{7}", "\u{1b}[2J", "\u{202e}"] {
                assert!(!shown.contains(forbidden), "{command:?}: {shown:?}");
            }
        }
    }
    Ok(())
}
