//! What is held: the undo window, holds by a person, silent mode.

use crate::desk::{Desk, SOON};
use anyhow::{Result, ensure};

#[tokio::test]
async fn an_answer_can_be_taken_back_released_or_goes_by_itself() -> Result<()> {
    let desk = Desk::start("undo_seconds = 600", "").await?;
    let ticket = desk.ticket_of("alice@desk.test").await?;
    // Acknowledgements are never held.
    let acknowledgement = desk.mail_to("alice@desk.test").await?["id"].as_u64().unwrap_or_default();
    desk.until_state(acknowledgement, "sent").await?;

    let regretted = desk.reply(ticket, "You are a fool.").await?;
    let held = desk.mail(regretted).await?;
    ensure!(held["state"] == "held" && held["held"] == "undo", "{held}");
    let shown = desk.cli.ok(&["outbox", "show", &regretted.to_string()]).await?;
    ensure!(shown.contains("held so that it can be taken back; it goes"), "{shown}");
    ensure!(desk.cli.ok(&["outbox", "show", &regretted.to_string(), "--message"]).await?.contains("You are a fool."));
    desk.cli.ok(&["outbox", "cancel", &regretted.to_string()]).await?;
    ensure!(desk.mail(regretted).await?["state"] == "cancelled");
    let thread = desk.thread(ticket).await?;
    ensure!(thread.contains("cancelled the answer (entry 2, mail 2) to alice@desk.test: it was not sent"), "{thread}");
    let late = desk.cli.run(&["outbox", "release", &regretted.to_string()]).await?;
    ensure!(late.stderr.contains("mail 2 is cancelled and cannot be released"), "{late:?}");

    let kept = desk.reply(ticket, "Let me look into it.").await?;
    desk.cli.ok(&["outbox", "hold", &kept.to_string()]).await?;
    let shown = desk.cli.ok(&["outbox", "show", &kept.to_string()]).await?;
    ensure!(shown.contains("held by root since"), "{shown}");
    // What comes later to the same person waits for it.
    desk.apply("undo_seconds = 1").await?;
    let behind = desk.reply(ticket, "Anything else?").await?;
    let waiting = desk.until_state(behind, "due").await?;
    ensure!(waiting["waits_for"].is_null() || waiting["waits_for"] == kept, "{waiting}");
    maildesk_tests::wait::eventually(SOON, "the later answer to wait for the earlier", async || {
        anyhow::Ok(desk.mail(behind).await?["waits_for"] == kept)
    })
    .await?;
    desk.cli.ok(&["outbox", "release", &kept.to_string()]).await?;
    desk.until_state(kept, "sent").await?;
    desk.until_state(behind, "sent").await?;
    let arrived = desk.bed.mailbox("alice").wait_for(SOON, "the last", |m| m.text().contains("Anything else?")).await?;
    ensure!(!arrived.text().contains("fool"));
    let fools = desk.bed.mailbox("alice").mails()?.iter().filter(|mail| mail.text().contains("fool")).count();
    ensure!(fools == 0, "a cancelled mail was sent");
    Ok(())
}

#[tokio::test]
async fn silent_mode_lets_nothing_leave_but_to_allowed_addresses() -> Result<()> {
    let silent = "undo_seconds = 0\nsilent = { allow = [\"@desk.test\"] }";
    let desk = Desk::start(silent, "").await?;
    desk.ticket_of("carol@out.test").await?;
    desk.ticket_of("alice@desk.test").await?;
    let allowed = desk.mail_to("alice@desk.test").await?["id"].as_u64().unwrap_or_default();
    desk.until_state(allowed, "sent").await?;
    let quiet = desk.mail_to("carol@out.test").await?["id"].as_u64().unwrap_or_default();
    let held = desk.until_state(quiet, "held").await?;
    ensure!(held["held"] == "silent", "{held}");
    let status = desk.cli.ok(&["status"]).await?;
    ensure!(status.contains("only to @desk.test") && status.contains("1 held"), "{status}");
    let refused = desk.cli.run(&["outbox", "release", &quiet.to_string()]).await?;
    ensure!(refused.stderr.contains("silent mode holds mail to carol@out.test"), "{refused:?}");

    // Switched off, nothing goes by surprise; a person says what becomes of it.
    desk.apply("undo_seconds = 0").await?;
    desk.ticket_of("dave@out.test").await?;
    let after = desk.mail_to("dave@out.test").await?["id"].as_u64().unwrap_or_default();
    desk.until_state(after, "sent").await?;
    ensure!(desk.mail(quiet).await?["state"] == "held");
    let would = desk.cli.json(&["outbox", "release", "--all", "--held", "silent", "--dry-run"]).await?;
    ensure!(would["data"]["changed"] == 1 && desk.mail(quiet).await?["state"] == "held", "{would}");
    desk.cli.ok(&["outbox", "release", "--all", "--held", "silent", "--confirm", "1"]).await?;
    desk.until_state(quiet, "sent").await?;
    Ok(())
}
