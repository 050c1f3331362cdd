//! Mails that could not be taken apart, that name nobody, or that were too large to be fetched: a person who wants them
//! gets a ticket with what is known, and the whole mail attached.

use crate::desk::{Desk, noise, sha256};
use anyhow::{Context, Result};
use maildesk_tests::settings::{DeskSettings, desk_settings};
use maildesk_tests::{Letter, Testbed};
use serde_json::Value;

/// A desk that takes mails of so many bytes, and has mails of a person in its inbox.
async fn desk(largest: usize, mails: Vec<Vec<u8>>) -> Result<Desk> {
    let bed = Testbed::start().await?;
    let limit = format!("poll_seconds = 1\nmax_mail_bytes = {largest}");
    let settings = desk_settings(&bed).text().replace("poll_seconds = 1", &limit);
    let desk = Desk::open_with(bed, &DeskSettings::empty().lines(&settings)).await?;
    desk.polls().await?;
    for mail in mails {
        desk.bed.mailbox("desk").deliver("alice@desk.test", &mail).await?;
    }
    Ok(desk)
}

async fn held(desk: &Desk, count: usize, reason: &str) -> Result<String> {
    let mails = desk.judged_in_all(count).await?;
    let has = |mail: &&Value| mail["reason"].as_str().is_some_and(|said| said.contains(reason));
    let mail = mails.iter().find(has).with_context(|| format!("{reason}: {mails:?}"))?;
    assert_eq!(mail["outcome"], "quarantined");
    Ok(mail["id"].to_string())
}

async fn release(desk: &Desk, id: &str) -> Result<Value> {
    let would = desk.ask(&["quarantine", "release", id, "--dry-run"]).await?;
    assert_eq!(would["mails"][0]["outcome"], "new_ticket", "{would}");
    let done = desk.ask(&["quarantine", "release", id]).await?;
    let number = done["mails"][0]["ticket"].as_u64().with_context(|| done.to_string())?;
    desk.ticket(number).await
}

fn opening(ticket: &Value) -> &Value {
    &ticket["entries"][0]
}

#[tokio::test]
async fn what_cannot_be_taken_apart_is_attached() -> Result<()> {
    let level = |n: usize| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n");
    let head = "From: Alice <alice@desk.test>\r\nSubject: Order\r\n";
    let parts = format!("{head}{}", (0..21_000).map(level).collect::<String>());
    let desk = desk(50 << 20, vec![parts.into_bytes()]).await?;
    let id = held(&desk, 1, "parts").await?;
    let replayed = desk.cli.run(&["quarantine", "replay", &id, "--yes", "--json"]).await?;
    assert!(replayed.stdout.contains("\"quarantined\""), "judged anew it stays: {replayed:?}");

    let ticket = release(&desk, &id).await?;
    assert_eq!(
        (&ticket["ticket"]["subject"], &ticket["ticket"]["contact"]),
        (&"Order".into(), &"Alice".into()),
        "{ticket}"
    );
    let text = opening(&ticket)["text"].as_str().context("a text")?;
    assert!(text.contains("attached as it came") && text.contains("parts"), "{text}");
    let number = ticket["ticket"]["number"].as_u64().context("a number")?;
    let whole = desk.save_attachment(number, 1, "Order.eml").await?;
    let raw = desk.cli.command(&["mail", "show", &id, "--raw"]).output().await?.stdout;
    assert!(raw.len() > 1_000_000 && sha256(&whole) == sha256(&raw));
    // It was read well enough to be answered.
    let sent = desk.outbox_is_done().await?;
    assert_eq!((sent.len(), &sent[0]["to"]), (1, &"alice@desk.test".into()), "{sent:?}");
    let late = desk.cli.run(&["quarantine", "release", &id]).await?;
    assert!(late.code == 5 && late.stderr.contains("there is nothing to release"), "{late:?}");
    Ok(())
}

#[tokio::test]
async fn mails_that_name_nobody_are_tickets_of_an_unknown_sender() -> Result<()> {
    let desk = desk(50 << 20, Vec::new()).await?;
    let inbox = desk.bed.mailbox("desk");
    inbox.seed([b"Subject: Alarm\r\n\r\nDoor 3 is open.\r\n".to_vec()])?;
    let first = held(&desk, 1, "no usable sender").await?;
    let ticket = release(&desk, &first).await?;
    assert_eq!(
        (&ticket["ticket"]["subject"], &ticket["ticket"]["contact"]),
        (&"Alarm".into(), &"Unknown sender".into())
    );
    assert_eq!(opening(&ticket)["text"].as_str().map(str::trim), Some("Door 3 is open."), "{ticket}");

    // Nobody has a part in that ticket, whoever guesses its number.
    inbox.seed([b"Subject: Re: [#1] Alarm\r\n\r\nIt is shut.\r\n".to_vec()])?;
    desk.judged_in_all(2).await?;
    let second = desk.ask(&["quarantine", "list"]).await?[0]["id"].to_string();
    let ticket = release(&desk, &second).await?;
    assert_eq!(
        (&ticket["ticket"]["number"], &ticket["ticket"]["contact"]),
        (&2.into(), &"Unknown sender".into()),
        "{ticket}"
    );
    assert!(desk.outbox().await?.is_empty(), "there is nobody to answer to");
    Ok(())
}

#[tokio::test]
async fn a_mail_that_was_too_large_is_fetched_after_all() -> Result<()> {
    const LARGEST: usize = 500_000;
    let file = noise(3 * LARGEST);
    let letter = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("A large plan");
    let large = letter.text("Here it is.\r\n").attach("plan.bin", "application/octet-stream", file.clone());
    let gone = Letter::from("bob@desk.test").to("desk@desk.test").subject("Gone");
    let gone = gone.attach("b.bin", "application/octet-stream", noise(LARGEST));
    let desk = desk(LARGEST, vec![large.bytes(), gone.bytes()]).await?;
    let mails = desk.judged_in_all(2).await?;
    let mut by_size: Vec<&Value> = mails.iter().collect();
    by_size.sort_by_key(|mail| mail["size"].as_u64());
    let [lost, id] = [by_size[0], by_size[1]].map(|mail| mail["id"].to_string());
    assert!(
        by_size.iter().all(|mail| mail["reason"].as_str().is_some_and(|said| said.contains("more than the 500000")))
    );

    let refused = desk.cli.run(&["quarantine", "replay", &id]).await?;
    assert!(refused.stderr.contains("released, it is fetched after all"), "{refused:?}");
    let ticket = release(&desk, &id).await?;
    assert_eq!((&ticket["ticket"]["subject"], &ticket["ticket"]["contact"]), (&"A large plan".into(), &"Alice".into()));
    assert_eq!(opening(&ticket)["text"].as_str().map(str::trim), Some("Here it is."), "{ticket}");
    assert_eq!(sha256(&desk.save_attachment(1, 1, "plan.bin").await?), sha256(&file));
    let raw = desk.cli.command(&["mail", "show", &id, "--raw"]).output().await?.stdout;
    assert!(raw.len() > 3 * LARGEST, "the raw mail is kept now: {}", raw.len());
    assert_eq!(desk.outbox_is_done().await?.len(), 1);

    let mut imap = desk.bed.mailbox("desk").imap().await?;
    imap.command("SELECT INBOX").await?;
    imap.command("STORE 1:* +FLAGS.SILENT (\\Deleted)").await?;
    imap.command("EXPUNGE").await?;
    let refused = desk.cli.run(&["quarantine", "release", &lost]).await?;
    assert!(refused.code == 5 && refused.stderr.contains("it is no longer in the folder INBOX"), "{refused:?}");
    Ok(())
}

#[tokio::test]
async fn a_mail_larger_than_any_that_is_parsed_goes_to_the_disk_in_pieces() -> Result<()> {
    let letter = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("A whole disk");
    let raw = letter.attach("disk.img", "application/octet-stream", noise(42 << 20)).bytes();
    assert!(raw.len() > 52 << 20);
    let desk = desk(50 << 20, Vec::new()).await?;
    desk.bed.mailbox("desk").seed([raw.clone()])?;
    let id = held(&desk, 1, "more than the").await?;
    let peak = || desk.daemon.peak_bytes().context("the daemon runs");
    let before = peak()?;
    let ticket = release(&desk, &id).await?;
    let grown = peak()?.saturating_sub(before);
    assert!(grown < 32 << 20, "{grown} bytes for a mail of {}", raw.len());
    assert_eq!((&ticket["ticket"]["subject"], &ticket["ticket"]["contact"]), (&"A whole disk".into(), &"Alice".into()));
    let whole = desk.save_attachment(1, 1, "A whole disk.eml").await?;
    assert_eq!((whole.len(), sha256(&whole)), (raw.len(), sha256(&raw)));
    Ok(())
}
