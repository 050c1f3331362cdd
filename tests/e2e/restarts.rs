//! Servers that go and come back in mid-run.

use crate::desk::Desk;
use anyhow::Result;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed, eventually};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const MAILS: usize = 200;
/// Longer than elsewhere: several pauses after lost connections follow each other.
const CAUGHT_UP: Duration = Duration::from_secs(120);

fn letter(number: usize) -> Letter {
    let content = format!("The attachment of mail {number}\n").repeat(50);
    Letter::from("alice@desk.test").to("desk@desk.test").subject(&format!("Mail {number:03}")).attach(
        "notes.bin",
        "application/octet-stream",
        content,
    )
}

#[tokio::test]
async fn servers_come_and_go_and_everything_is_caught_up() -> Result<()> {
    let bed = Testbed::start().await?;
    let mut store = bed.object_store().await?;
    let settings = desk_settings(&bed).without_loop_guard().storage(&store);
    let mut desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    let mut postfix_runs = true;
    for number in 0..MAILS {
        match number {
            // Postfix keeps mail for Dovecot meanwhile.
            30 => desk.bed.dovecot.stop(),
            60 => desk.bed.dovecot.start_again().await?,
            80 => {
                desk.bed.postfix.stop();
                postfix_runs = false;
            }
            // Something must have been taken in without Postfix and S3, or this would test nothing.
            110 => {
                store.stop();
                desk.judged("Mail 081").await?;
            }
            140 => {
                desk.bed.postfix.start_again().await?;
                postfix_runs = true;
            }
            160 => desk.bed.dovecot.stop(),
            165 => desk.bed.dovecot.start_again().await?,
            170 => store.start_again().await?,
            _ => {}
        }
        match postfix_runs {
            true => desk.receives("alice@desk.test", &letter(number)).await?,
            false => desk.bed.mailbox("desk").deliver("alice@desk.test", &letter(number).bytes()).await?,
        }
    }
    let delivered = postfix_has_delivered(&desk).await?;
    eventually(CAUGHT_UP, "everything is caught up", async || {
        let counts = desk.status().await?["counts"].take();
        anyhow::ensure!(counts["mails"].as_u64() >= Some(delivered as u64), "{counts}");
        anyhow::ensure!(counts["tickets"] == MAILS && counts["outbox_sent"] == MAILS, "{counts}");
        anyhow::ensure!(counts["uploads_waiting"] == 0 && store.keys().len() == MAILS, "{counts}");
        anyhow::Ok(desk.bed.mailbox("desk").counts().await?.unseen == 0)
    })
    .await?;
    let subjects: BTreeSet<String> = desk.tickets().await?.iter().map(|ticket| ticket["subject"].to_string()).collect();
    assert_eq!(subjects.len(), MAILS, "each ticket once");
    // Postfix brings a mail again whose delivery was cut off before the answer: the copy is known by its content.
    let mails = desk.mails().await?;
    let outcomes = |word: &str| mails.iter().filter(|mail| mail["outcome"] == word).count();
    assert_eq!((outcomes("new_ticket"), outcomes("dropped")), (MAILS, mails.len() - MAILS), "{mails:?}");
    let asked = Cell::new(Instant::now());
    let arrived = eventually(CAUGHT_UP, "every acknowledgement has arrived", async || {
        if asked.get().elapsed() > Duration::from_secs(3) {
            asked.set(Instant::now());
            desk.bed.postfix.flush()?;
        }
        let mails = desk.bed.mailbox("alice").mails()?;
        let ids: BTreeSet<Option<String>> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
        anyhow::Ok((ids.len() == MAILS).then_some(mails.len()))
    })
    .await?;
    println!("{arrived} acknowledgements for {MAILS} mails");
    for part in ["/mailboxes/0", "/senders/0", "/storage"] {
        desk.fares(part, "working").await?;
    }
    Ok(())
}

/// Waits until every mail is in the desk's mailbox, and counts them with their copies. Postfix itself puts a mail back
/// by a minute when it meets it twice in a short time; it is asked to go on.
async fn postfix_has_delivered(desk: &Desk) -> Result<usize> {
    let mut asked = Instant::now();
    eventually(CAUGHT_UP, "Postfix has delivered every mail", || {
        if asked.elapsed() > Duration::from_secs(3) {
            asked = Instant::now();
            desk.bed.postfix.flush().ok();
        }
        let mails = desk.bed.mailbox("desk").mails();
        async move {
            let mails = mails?;
            let subjects: BTreeSet<Option<String>> = mails.iter().map(|mail| mail.header("Subject")).collect();
            if subjects.len() == MAILS { Ok(Some(mails.len())) } else { Err(anyhow::anyhow!("{}", subjects.len())) }
        }
    })
    .await
}
