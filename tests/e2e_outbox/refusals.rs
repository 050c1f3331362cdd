//! What servers refuse: for now, for good, this mail or the account; and what people do about it.

use crate::desk::{Desk, SOON, settings};
use anyhow::{Result, ensure};
use maildesk_tests::Testbed;
use maildesk_tests::settings::Sender;
use maildesk_tests::wait::eventually;

#[tokio::test]
async fn a_deferred_mail_says_why_and_later_ones_of_its_ticket_wait() -> Result<()> {
    let desk = Desk::start("undo_seconds = 0", "").await?;
    let ticket = desk.ticket_of("tempfail@out.test").await?;
    let first = desk.mail_to("tempfail@out.test").await?["id"].as_u64().unwrap_or_default();
    let deferred = desk.until_deferred(first, 1).await?;
    ensure!(deferred["state"] == "due", "{deferred}");
    let said = &deferred["history"][0];
    ensure!(said["said"].as_str().is_some_and(|said| said.starts_with("451 4.2.0")), "{said}");
    ensure!(said["meaning"].is_string() && said["remedy"].is_string(), "{said}");
    let shown = desk.cli.ok(&["outbox", "show", &first.to_string()]).await?;
    ensure!(shown.contains("after a temporary refusal") && shown.contains("next try"), "{shown}");

    let second = desk.reply(ticket, "Hello?").await?;
    eventually(SOON, "the answer to wait", async || anyhow::Ok(desk.mail(second).await?["waits_for"] == first)).await?;
    ensure!(desk.mail(second).await?["attempts"] == 0);
    let shown = desk.cli.ok(&["outbox", "show", &second.to_string()]).await?;
    ensure!(shown.contains(&format!("waits for mail {first} of the same ticket")), "{shown}");

    // Tried again in bulk: a wrong number is refused, and the ticket hears of the third refusal.
    let bulk = ["outbox", "retry", "--all", "--state", "deferred", "--to-domain", "out.test"];
    let would = desk.cli.json(&[&bulk[..], &["--dry-run"]].concat()).await?;
    ensure!(would["data"]["matched"] == 1 && would["data"]["dry_run"] == true, "{would}");
    let wrong = desk.cli.run(&[&bulk[..], &["--confirm", "7"]].concat()).await?;
    ensure!(wrong.code != 0 && wrong.stderr.contains("--confirm 1"), "{wrong:?}");
    let unsure = desk.cli.run(&bulk).await?;
    ensure!(unsure.code == 2 && unsure.stderr.contains("add --confirm 1"), "{unsure:?}");
    for times in 2..=3 {
        let done = desk.cli.json(&[&bulk[..], &["--confirm", "1"]].concat()).await?;
        ensure!(done["data"]["changed"] == 1, "{done}");
        desk.until_deferred(first, times).await?;
    }
    let thread = desk.thread(ticket).await?;
    ensure!(thread.matches("is not delivered yet").count() == 1, "{thread}");
    let events = desk.cli.ok(&["events"]).await?;
    ensure!(events.contains("does not reach tempfail@out.test"), "{events}");

    // Out of the way, the next is tried.
    desk.cli.ok(&["outbox", "cancel", &first.to_string()]).await?;
    desk.until_deferred(second, 1).await?;
    Ok(())
}

#[tokio::test]
async fn a_refused_mail_fails_at_once_and_can_be_sent_to_another_address() -> Result<()> {
    let desk = Desk::start("undo_seconds = 0", "").await?;
    let ticket = desk.ticket_of("reject@out.test").await?;
    let mail = desk.mail_to("reject@out.test").await?["id"].as_u64().unwrap_or_default();
    let failed = desk.until_state(mail, "failed").await?;
    ensure!(failed["state_said"].as_str().is_some_and(|said| said.contains("550 5.1.1")), "{failed}");
    ensure!(desk.thread(ticket).await?.contains("was not delivered: the server refused: 550 5.1.1"));
    desk.cli.ok(&["outbox", "retry", &mail.to_string()]).await?;
    eventually(SOON, "the second refusal", async || {
        let mail = desk.mail(mail).await?;
        anyhow::Ok(mail["attempts"] == 2 && mail["state"] == "failed")
    })
    .await?;

    let message_id = failed["message_id"].as_str().unwrap_or_default().to_owned();
    desk.cli.ok(&["outbox", "redirect", &mail.to_string(), "bob@desk.test"]).await?;
    let sent = desk.until_state(mail, "sent").await?;
    ensure!(sent["to"] == "bob@desk.test" && sent["message_id"] == message_id, "{sent}");
    ensure!(sent["history"].to_string().contains("changed the recipient from reject@out.test to bob@desk.test"));
    let arrived = desk.bed.mailbox("bob").wait_for(SOON, "the mail", |m| m.text().contains(&message_id)).await?;
    ensure!(arrived.header("To").as_deref() == Some("bob@desk.test"), "{:?}", arrived.header("To"));
    let again = desk.cli.run(&["outbox", "cancel", &mail.to_string()]).await?;
    ensure!(again.stderr.contains("is sent and cannot be cancelled"), "{again:?}");

    // An answer of the new recipient is let in by the token.
    let letter = maildesk_tests::letter::Letter::from("bob@desk.test")
        .to("desk@desk.test")
        .subject("Re: your ticket")
        .header("In-Reply-To", &format!("<{message_id}>"))
        .text("I am Bob, thank you");
    desk.bed.post(&letter, "bob@desk.test", "desk@desk.test").await?;
    eventually(SOON, "the comment", async || {
        let thread = desk.cli.json(&["ticket", "show", &ticket.to_string()]).await?;
        let entries = thread["data"]["entries"].as_array().cloned().unwrap_or_default();
        let of_bob = entries.iter().find(|entry| entry["text"].to_string().contains("I am Bob"));
        anyhow::Ok(of_bob.is_some_and(|entry| entry["kind"] == "comment"))
    })
    .await
}

#[tokio::test]
async fn a_refusal_of_the_account_pauses_the_sender_and_costs_no_mail_an_attempt() -> Result<()> {
    let bed = Testbed::start().await?;
    // Port 25 takes mail for desk.test and relays for nobody.
    let sender = Sender {
        host: "127.0.0.1".into(),
        port: bed.postfix.smtp_port(),
        encryption: "plain".into(),
        user: None,
        ..Sender::tls(&bed, "desk")
    };
    let settings = settings(&bed, "undo_seconds = 0", &sender, "");
    let desk = Desk::start_on(bed, &settings).await?;
    let ticket = desk.ticket_of("carol@out.test").await?;
    let mail = desk.mail_to("carol@out.test").await?["id"].as_u64().unwrap_or_default();
    eventually(SOON, "the sender's fault", async || {
        let status = desk.cli.json(&["status"]).await?;
        let fault = status["data"]["senders"][0]["fault"].to_string();
        anyhow::Ok(fault.contains("elay"))
    })
    .await?;
    let due = desk.mail(mail).await?;
    ensure!(due["state"] == "due" && due["attempts"] == 0, "{due}");

    // Another mail passes: now it is this mail's own refusal, and nobody else is held up by it.
    desk.ticket_of("alice@desk.test").await?;
    let passed = desk.mail_to("alice@desk.test").await?["id"].as_u64().unwrap_or_default();
    desk.until_state(passed, "sent").await?;
    desk.until_state(mail, "failed").await?;
    ensure!(desk.thread(ticket).await?.contains("Relay access denied"));
    Ok(())
}
