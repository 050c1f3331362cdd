//! Mails that cannot be delivered: refused, deferred, waiting for a server.

use crate::desk::{Desk, SOON, kinds};
use anyhow::Result;
use maildesk_tests::{Letter, eventually};
use serde_json::Value;

/// A first mail of this sender; the number of its ticket.
async fn writes(desk: &Desk, from: &str) -> Result<u64> {
    let subject = format!("Mail of {from}");
    desk.receives(from, &Letter::from(from).to("desk@desk.test").subject(&subject)).await?;
    Ok(desk.judged(&subject).await?["ticket"].as_u64().unwrap_or_default())
}

/// Waits until the mail to this address is as wanted.
async fn mail_to(desk: &Desk, to: &str, what: &str, wanted: impl Fn(&Value) -> bool) -> Result<Value> {
    eventually(SOON, &format!("the mail to {to} {what}"), async || {
        let mails = desk.outbox().await?;
        let found = mails.into_iter().find(|mail| mail["to"] == to);
        match found {
            Some(mail) if wanted(&mail) => Ok(Some(mail)),
            other => Err(anyhow::anyhow!("{other:?}")),
        }
    })
    .await
}

#[tokio::test]
async fn a_refused_mail_fails_at_once_and_its_ticket_says_so() -> Result<()> {
    let desk = Desk::open().await?;
    let ticket = writes(&desk, "reject@desk.test").await?;
    let mail = mail_to(&desk, "reject@desk.test", "has failed", |mail| mail["state"] == "failed").await?;
    assert_eq!(mail["attempts"], 1);
    assert!(mail["state_said"].as_str().is_some_and(|said| said.contains("550") && said.contains("no such person")));
    let ticket = desk.ticket(ticket).await?;
    assert_eq!(kinds(&ticket), ["comment", "delivery_problem"]);
    assert!(ticket["entries"][1]["text"].as_str().is_some_and(|text| text.contains("no such person")), "{ticket}");
    assert!(desk.events().await?.iter().any(|event| event["event"] == "mail_failed"));
    // One bad recipient is no fault of the sender and blocks nobody else.
    assert_eq!(desk.status().await?["senders"][0]["state"], "working");
    writes(&desk, "alice@desk.test").await?;
    desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    // What has failed can be tried once more by a person.
    desk.cli.ok(&["outbox", "retry", &mail["id"].to_string()]).await?;
    mail_to(&desk, "reject@desk.test", "failed again", |mail| mail["attempts"] == 2 && mail["state"] == "failed")
        .await
        .map(drop)
}

#[tokio::test]
async fn a_deferred_mail_waits_and_obeys_a_person() -> Result<()> {
    let desk = Desk::open().await?;
    writes(&desk, "tempfail@desk.test").await?;
    let mail = mail_to(&desk, "tempfail@desk.test", "is deferred", |mail| mail["attempts"] == 1).await?;
    assert_eq!(mail["state"], "due");
    assert!(mail["said"].as_str().is_some_and(|said| said.contains("451") && said.contains("try again later")));
    let id = mail["id"].to_string();
    let due: jiff::Timestamp = mail["state_at"].as_str().unwrap_or_default().parse()?;
    #[expect(clippy::disallowed_methods, reason = "the daemon under test has the real clock")]
    let wait = due.duration_since(jiff::Timestamp::now());
    assert!((40..=75).contains(&wait.as_secs()), "{wait:?}");

    desk.cli.ok(&["outbox", "retry", &id]).await?;
    mail_to(&desk, "tempfail@desk.test", "is tried again", |mail| mail["attempts"] == 2).await?;
    desk.cli.ok(&["outbox", "cancel", &id]).await?;
    let shown = desk.ask(&["outbox", "show", &id]).await?;
    assert_eq!(shown["state"], "cancelled");
    assert_eq!(shown["history"].as_array().map(Vec::len), Some(2), "{shown}");
    let message = desk.cli.ok(&["outbox", "show", &id, "--message"]).await?;
    assert!(message.contains("Auto-Submitted: auto-replied"), "{message}");
    let events = desk.events().await?;
    for name in ["mail_deferred", "mail_retried", "mail_cancelled"] {
        assert!(events.iter().any(|event| event["event"] == name), "{name}");
    }
    assert_eq!(desk.cli.run(&["outbox", "cancel", "999"]).await?.code, 3);
    Ok(())
}

#[tokio::test]
async fn without_postfix_mail_waits_and_goes_by_itself() -> Result<()> {
    let mut desk = Desk::open().await?;
    desk.bed.postfix.stop();
    let letter = Letter::from("alice@desk.test").to("desk@desk.test").subject("In the dark");
    desk.bed.mailbox("desk").deliver("alice@desk.test", &letter.bytes()).await?;
    desk.judged("In the dark").await?;
    let sender = desk.fares("/senders/0", "faulty").await?;
    println!("{sender:#}");
    assert!(sender["fault"]["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()));
    let mail = desk.outbox().await?.remove(0);
    assert_eq!((mail["state"].as_str(), mail["attempts"].as_u64()), (Some("due"), Some(0)), "{mail}");
    desk.bed.postfix.start_again().await?;
    desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    desk.fares("/senders/0", "working").await?;
    let sent = mail_to(&desk, "alice@desk.test", "is sent", |mail| mail["state"] == "sent").await?;
    assert_eq!(sent["attempts"], 1);
    Ok(())
}
