//! What is not sent, or not so fast: suppressed addresses, rate limits, mails that are too large.

use crate::desk::{Desk, SOON};
use anyhow::{Result, ensure};
use maildesk_tests::wait::eventually;

#[tokio::test]
async fn a_suppressed_address_gets_no_mail_unless_a_person_insists() -> Result<()> {
    let desk = Desk::start("undo_seconds = 0", "").await?;
    desk.cli.ok(&["suppression", "add", "alice@desk.test", "--reason", "her mailbox is full", "--days", "60"]).await?;
    let listed = desk.cli.ok(&["suppression", "list"]).await?;
    ensure!(listed.contains("alice@desk.test") && listed.contains("her mailbox is full"), "{listed}");

    let ticket = desk.ticket_of("alice@desk.test").await?;
    let outbox = desk.cli.json(&["outbox", "list"]).await?;
    ensure!(outbox["data"].as_array().is_some_and(Vec::is_empty), "an acknowledgement was queued: {outbox}");
    let verdict = desk.cli.ok(&["mail", "show", "1"]).await?;
    ensure!(verdict.contains("no acknowledgement: alice@desk.test is suppressed"), "{verdict}");

    let number = ticket.to_string();
    let refused = desk.cli.run(&["ticket", "reply", &number, "--text", "hello"]).await?;
    ensure!(refused.code == 5 && refused.stderr.contains("her mailbox is full"), "{refused:?}");
    ensure!(refused.stderr.contains("--even-if-suppressed"), "{refused:?}");
    let insisted = desk.cli.json(&["ticket", "reply", &number, "--text", "hello", "--even-if-suppressed"]).await?;
    let mail = insisted["data"]["outbox"].as_u64().unwrap_or_default();
    desk.until_state(mail, "sent").await?;

    // Suppressed after it was queued: it fails with the reason, and its ticket says so.
    desk.cli.ok(&["suppression", "remove", "alice@desk.test"]).await?;
    desk.apply("undo_seconds = 600").await?;
    let later = desk.reply(ticket, "one more thing").await?;
    desk.cli.ok(&["suppression", "add", "alice@desk.test", "--reason", "it bounced"]).await?;
    desk.cli.ok(&["outbox", "release", &later.to_string()]).await?;
    let failed = desk.until_state(later, "failed").await?;
    ensure!(failed["state_said"].as_str().is_some_and(|said| said.contains("it bounced")), "{failed}");
    ensure!(desk.thread(ticket).await?.contains("was not delivered: alice@desk.test is suppressed: it bounced"));
    let refused = desk.cli.run(&["outbox", "retry", &later.to_string()]).await?;
    ensure!(refused.stderr.contains("--even-if-suppressed"), "{refused:?}");
    desk.cli.ok(&["outbox", "retry", &later.to_string(), "--even-if-suppressed"]).await?;
    desk.until_state(later, "sent").await?;
    Ok(())
}

#[tokio::test]
async fn a_rate_limit_holds_and_the_sender_says_until_when() -> Result<()> {
    let desk = Desk::start("undo_seconds = 0", "per_hour = 2").await?;
    for name in ["a", "b", "c"] {
        desk.ticket_of(&format!("{name}@desk.test")).await?;
    }
    eventually(SOON, "the limit", async || {
        let status = desk.cli.json(&["status"]).await?;
        let sender = &status["data"]["senders"][0];
        anyhow::Ok(sender["state"] == "rate_limited" && sender["limited_until"].is_string() && sender["sent"] == 2)
    })
    .await?;
    let status = desk.cli.ok(&["status"]).await?;
    ensure!(status.contains("waiting for its rate limit until"), "{status}");
    let due = desk.cli.json(&["outbox", "list", "--state", "due"]).await?;
    ensure!(due["data"].as_array().is_some_and(|due| due.len() == 1), "{due}");

    // A restart is no way round it.
    let limited = desk.until_sender("rate_limited").await?["limited_until"].clone();
    let mut desk = desk;
    desk.daemon.restart().await?;
    let sender = desk.until_sender("rate_limited").await?;
    let time = |value: &serde_json::Value| value.as_str().unwrap_or_default().parse::<jiff::Timestamp>();
    // The store keeps when each went; the running daemon counts a moment later.
    let apart = time(&limited)?.duration_since(time(&sender["limited_until"])?).abs();
    ensure!(sender["sent"] == 0 && apart < jiff::SignedDuration::from_secs(60), "{limited}: {sender}");
    Ok(())
}
