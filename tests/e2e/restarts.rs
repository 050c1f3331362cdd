//! Servers that go and come back in mid-run.

use crate::desk::Desk;
use anyhow::Result;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed, eventually};
use std::collections::BTreeSet;
use std::time::Duration;

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
    let settings = desk_settings(&bed).storage(&store);
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
    eventually(CAUGHT_UP, "everything is caught up", async || {
        let counts = desk.status().await?["counts"].take();
        anyhow::ensure!(counts["tickets"] == MAILS && counts["outbox_sent"] == MAILS, "{counts}");
        anyhow::ensure!(counts["uploads_waiting"] == 0 && store.keys().len() == MAILS, "{counts}");
        anyhow::Ok(desk.bed.mailbox("desk").counts().await?.unseen == 0)
    })
    .await?;
    let subjects: BTreeSet<String> = desk.tickets().await?.iter().map(|ticket| ticket["subject"].to_string()).collect();
    assert_eq!(subjects.len(), MAILS, "each ticket once");
    let mails = desk.mails().await?;
    assert!(mails.iter().all(|mail| mail["outcome"] == "new_ticket"), "{mails:?}");
    let arrived = eventually(CAUGHT_UP, "every acknowledgement has arrived", async || {
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
