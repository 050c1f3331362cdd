//! Which ticket a mail belongs to where no token says so in the usual place, and for how long.

use crate::desk::{Desk, SOON, kinds};
use anyhow::{Context, Result};
use maildesk_tests::settings::{DeskSettings, Mailbox, Sender, desk_settings};
use maildesk_tests::{Letter, Testbed};

fn letter(from: &str, subject: &str) -> Letter {
    Letter::from(from).to("desk@desk.test").subject(subject)
}

/// Its verdict: outcome and ticket.
async fn verdict(desk: &Desk, from: &str, letter: &Letter, subject: &str) -> Result<(String, u64)> {
    desk.receives(from, letter).await?;
    let judged = desk.judged(subject).await?;
    let outcome = judged["outcome"].as_str().context("an outcome")?.to_owned();
    Ok((outcome, judged["ticket"].as_u64().unwrap_or_default()))
}

#[tokio::test]
async fn known_mails_and_numbers_admit_participants_alone() -> Result<()> {
    let desk = Desk::open().await?;
    let first = letter("Alice <alice@desk.test>", "My order");
    assert_eq!(verdict(&desk, "alice@desk.test", &first, "My order").await?, ("new_ticket".into(), 1));

    // Alice answers her own first mail, which carries no token of ours.
    let more = letter("alice@desk.test", "One thing more").in_reply_to(first.id());
    assert_eq!(verdict(&desk, "alice@desk.test", &more, "One thing more").await?, ("comment".into(), 1));
    // A stranger who has that mail gets a ticket of his own that names the other.
    let theirs = letter("carol@desk.test", "I have it too").in_reply_to(first.id());
    assert_eq!(verdict(&desk, "carol@desk.test", &theirs, "I have it too").await?, ("new_ticket".into(), 2));
    let second = desk.ticket(2).await?;
    assert_eq!((&second["related"], kinds(&second)), (&serde_json::json!([1]), vec!["comment", "note"]));
    let page = desk.cli.ok(&["ticket", "show", "2"]).await?;
    assert!(page.contains("answers a mail of #1, in which carol@desk.test has no part"), "{page}");

    // A guessed number opens nothing; the requester's own mail with it does.
    let guessed = letter("bob@desk.test", "Re: [#1] let me in");
    assert_eq!(verdict(&desk, "bob@desk.test", &guessed, "Re: [#1] let me in").await?, ("new_ticket".into(), 3));
    assert_eq!(desk.ticket(3).await?["related"], serde_json::json!([]));
    let own = letter("ALICE@desk.test", "[#1] still waiting");
    assert_eq!(verdict(&desk, "alice@desk.test", &own, "[#1] still waiting").await?, ("comment".into(), 1));
    assert_eq!(kinds(&desk.ticket(1).await?), ["comment", "comment", "comment"]);
    Ok(())
}

#[tokio::test]
async fn a_plus_address_brings_an_answer_home_without_any_reference() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).text().replace("[[sender]]\n", "[[sender]]\nplus_address = true\n");
    let desk = Desk::open_with(bed, &DeskSettings::empty().lines(&settings)).await?;
    desk.polls().await?;
    desk.receives("alice@desk.test", &letter("Alice <alice@desk.test>", "My order")).await?;
    let mail = desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    let reply_to = mail.header("Reply-To").context("no Reply-To")?;
    assert!(reply_to.starts_with("desk+md.1.1.1.") && reply_to.ends_with("@desk.test"), "{reply_to}");
    let answer = |from: &str, subject: &str| Letter::from(from).to(&reply_to).subject(subject);
    let own = verdict(&desk, "alice@desk.test", &answer("alice@desk.test", "Nothing quoted"), "Nothing quoted").await?;
    assert_eq!(own, ("comment".into(), 1));
    let other = verdict(&desk, "bob@desk.test", &answer("bob@desk.test", "Passed on"), "Passed on").await?;
    assert_eq!(other, ("unverified_note".into(), 1));
    Ok(())
}

#[tokio::test]
async fn an_answer_after_the_time_for_reopening_is_a_linked_ticket() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = DeskSettings::empty().lines("[desk]\nundo_seconds = 0\nreopen_days = 0");
    let settings = settings.sender(&Sender::tls(&bed, "desk")).mailbox(&Mailbox::tls(&bed, "desk"));
    let desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    desk.receives("alice@desk.test", &letter("Alice <alice@desk.test>", "My order")).await?;
    let mail = desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    let token = mail.header("Message-ID").context("no Message-ID")?;
    desk.cli.ok(&["ticket", "resolve", "1", "--quiet"]).await?;
    let away = letter("alice@desk.test", "I am away").in_reply_to(&token).header("Auto-Submitted", "auto-replied");
    assert_eq!(verdict(&desk, "alice@desk.test", &away, "I am away").await?, ("comment".into(), 1));
    let late = letter("alice@desk.test", "Broken again").in_reply_to(&token);
    assert_eq!(verdict(&desk, "alice@desk.test", &late, "Broken again").await?, ("new_ticket".into(), 2));
    let (old, new) = (desk.ticket(1).await?, desk.ticket(2).await?);
    assert_eq!((&old["related"], &new["related"]), (&serde_json::json!([2]), &serde_json::json!([1])));
    assert_eq!((old["ticket"]["status"].as_str(), kinds(&old).last()), (Some("resolved"), Some(&"note")));
    assert_eq!(new["requester"], old["requester"]);
    assert_eq!(desk.outbox_is_done().await?.len(), 2, "the new ticket is acknowledged like any");
    Ok(())
}

#[tokio::test]
async fn tokens_of_an_older_key_open_after_rotation_and_restart() -> Result<()> {
    let mut desk = Desk::open().await?;
    desk.receives("alice@desk.test", &letter("Alice <alice@desk.test>", "My order")).await?;
    let mail = desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    let token = mail.header("Message-ID").context("no Message-ID")?;
    let keys = desk.ask(&["token", "rotate"]).await?;
    assert_eq!(keys.as_array().map(Vec::len), Some(2), "{keys}");
    let answer = |subject: &str| letter("alice@desk.test", subject).in_reply_to(&token);
    let outcome = verdict(&desk, "alice@desk.test", &answer("After rotation"), "After rotation").await?;
    assert_eq!(outcome, ("comment".into(), 1));
    desk.daemon.restart().await?;
    let outcome = verdict(&desk, "alice@desk.test", &answer("After a restart"), "After a restart").await?;
    assert_eq!(outcome, ("comment".into(), 1));
    // What the new key signs opens too.
    desk.cli.ok(&["ticket", "reply", "1", "--text", "Signed anew."]).await?;
    let alice = desk.bed.mailbox("alice");
    let mail = alice.wait_for(SOON, "the answer", |mail| mail.text().contains("Signed anew.")).await?;
    let fresh = letter("alice@desk.test", "To the new key").in_reply_to(&mail.header("Message-ID").context("an id")?);
    assert_eq!(verdict(&desk, "alice@desk.test", &fresh, "To the new key").await?, ("comment".into(), 1));
    let listed = desk.ask(&["token", "list"]).await?;
    assert_eq!((&listed[0]["replaced"], listed[1]["replaced"].is_null()), (&serde_json::Value::Null, false));
    Ok(())
}
