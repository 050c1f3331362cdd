//! Mail that comes back: noted where it belongs, its address suppressed, no ticket, no answer; false ones change nothing.

use crate::desk::{Desk, SOON};
use anyhow::{Context, Result, ensure};
use maildesk_tests::wait::eventually;
use serde_json::Value;

/// The verdict on a mail, once there is one of this outcome.
async fn judged(desk: &Desk, outcome: &str) -> Result<Value> {
    eventually(SOON, &format!("a mail judged as {outcome}"), async || {
        let mails = desk.cli.json(&["mail", "list"]).await?["data"].clone();
        let found = mails.as_array().context("no list")?.iter().find(|mail| mail["outcome"] == outcome).cloned();
        anyhow::ensure!(found.is_some(), "{mails}");
        anyhow::Ok(found)
    })
    .await
}

async fn suppressed(desk: &Desk) -> Result<Value> {
    Ok(desk.cli.json(&["suppression", "list"]).await?["data"].clone())
}

#[tokio::test]
async fn a_real_bounce_is_noted_on_mail_and_ticket_and_suppresses_its_address() -> Result<()> {
    let desk = Desk::start("undo_seconds = 0", "").await?;
    // Dovecot knows no such user: Postfix takes the mail and sends it back.
    let ticket = desk.ticket_of("gone@desk.test").await?;
    let mail = desk.mail_to("gone@desk.test").await?["id"].as_u64().unwrap_or_default();
    let bounce = judged(&desk, "bounce_note").await?;
    ensure!(bounce["ticket"] == ticket, "{bounce}");
    let failed = desk.until_state(mail, "failed").await?;
    ensure!(failed["state_said"].as_str().is_some_and(|said| said.starts_with("it came back: ")), "{failed}");
    let thread = desk.thread(ticket).await?;
    ensure!(thread.contains("mail 1 to gone@desk.test came back: ") && thread.contains("5.1.1"), "{thread}");
    ensure!(thread.contains("The address is not written to until "), "{thread}");
    let listed = suppressed(&desk).await?;
    ensure!(listed[0]["address"] == "gone@desk.test" && listed[0]["expires"].is_string(), "{listed}");
    ensure!(listed[0]["reason"].as_str().is_some_and(|reason| reason.contains("5.1.1")), "{listed}");

    // No ticket of its own, no contact, no answer.
    let counts = desk.cli.json(&["status"]).await?["data"]["counts"].clone();
    ensure!(counts["tickets"] == 1 && counts["contacts"] == 1, "{counts}");
    ensure!(desk.cli.json(&["outbox", "list"]).await?["data"].as_array().map(Vec::len) == Some(1));
    let shown = desk.cli.ok(&["mail", "show", &bounce["id"].to_string()]).await?;
    ensure!(shown.contains("it shows the reply token of #1"), "{shown}");
    let refused = desk.cli.run(&["ticket", "reply", &ticket.to_string(), "--text", "hello?"]).await?;
    ensure!(refused.code == 5 && refused.stderr.contains("came back"), "{refused:?}");
    // A person who knows better sends it to another address.
    desk.cli.ok(&["outbox", "redirect", &mail.to_string(), "bob@desk.test"]).await?;
    desk.until_state(mail, "sent").await.map(drop)
}

#[tokio::test]
async fn a_notice_of_delay_is_a_note_and_no_more() -> Result<()> {
    let mut desk = Desk::start("undo_seconds = 0", "").await?;
    desk.bed.postfix.configure(&["delay_warning_time = 1s"]).await?;
    desk.bed.outside.stop();
    let ticket = desk.ticket_of("carol@out.test").await?;
    let mail = desk.mail_to("carol@out.test").await?["id"].as_u64().unwrap_or_default();
    judged(&desk, "bounce_note").await?;
    ensure!(desk.mail(mail).await?["state"] == "sent");
    let thread = desk.thread(ticket).await?;
    ensure!(thread.contains("has not reached carol@out.test yet, its server still tries"), "{thread}");
    ensure!(suppressed(&desk).await?.as_array().is_some_and(Vec::is_empty));
    Ok(())
}

#[tokio::test]
async fn a_false_bounce_silences_nobody() -> Result<()> {
    let desk = Desk::start("undo_seconds = 0", "").await?;
    desk.ticket_of("alice@desk.test").await?;
    let mail = desk.mail_to("alice@desk.test").await?["id"].as_u64().unwrap_or_default();
    let sent = desk.until_state(mail, "sent").await?;
    let genuine = sent["message_id"].as_str().context("a Message-ID")?.to_owned();
    let (numbers, _) = genuine.rsplit_once('.').and_then(|(rest, _)| rest.rsplit_once('.')).context("a token")?;
    let forged = format!("{numbers}.{}@desk.test", "a".repeat(24));
    let report = format!(
        "From: MAILER-DAEMON@evil.test\r\nTo: desk@desk.test\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Message-ID: <b1@evil.test>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\n\r\nIt could not be delivered.\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; evil.test\r\n\r\nFinal-Recipient: rfc822; alice@desk.test\r\nAction: failed\r\n\
         Status: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{forged}>\r\n\r\n--b--\r\n"
    );
    desk.bed.postfix.receive("", &["desk@desk.test"], report.as_bytes()).await?;
    eventually(SOON, "the false bounce to be judged", async || {
        anyhow::Ok(desk.cli.json(&["status"]).await?["data"]["counts"]["mails"] == 2)
    })
    .await?;
    ensure!(suppressed(&desk).await?.as_array().is_some_and(Vec::is_empty));
    ensure!(desk.mail(mail).await?["state"] == "sent");
    // It follows the rules of mail from machines: a ticket, and no acknowledgement.
    ensure!(desk.cli.json(&["outbox", "list"]).await?["data"].as_array().map(Vec::len) == Some(1));
    let shown = desk.cli.ok(&["mail", "show", "2"]).await?;
    ensure!(shown.contains("not genuine"), "{shown}");
    Ok(())
}
