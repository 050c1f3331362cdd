//! What stops a sender or delays a mail, on a Postfix that is set up for it, and how it goes on by itself.

use crate::desk::{Desk, SOON, settings};
use crate::greylist;
use anyhow::{Result, ensure};
use maildesk_tests::Testbed;
use maildesk_tests::settings::Sender;
use maildesk_tests::wait::eventually;

#[tokio::test]
async fn a_wrong_password_pauses_the_sender_until_the_right_one_is_given() -> Result<()> {
    let bed = Testbed::start().await?;
    let wrong = Sender { password: "wrong".into(), ..Sender::tls(&bed, "desk") };
    let settings = settings(&bed, "undo_seconds = 0", &wrong, "");
    let desk = Desk::start_on(bed, &settings).await?;
    desk.ticket_of("alice@desk.test").await?;
    let mail = desk.waits_because("alice@desk.test", "does not accept this user name and password").await?;
    let sender = desk.until_sender("faulty").await?;
    ensure!(sender["fault"]["server_said"].to_string().contains("authentication failed"), "{sender}");
    desk.apply("undo_seconds = 0").await?;
    desk.until_state(mail["id"].as_u64().unwrap_or_default(), "sent").await?;
    desk.until_sender("working").await?;
    let events = desk.cli.ok(&["events"]).await?;
    ensure!(events.contains("sender desk works again"), "{events}");
    Ok(())
}

#[tokio::test]
async fn certificates_that_cannot_be_trusted_stop_the_sender_and_cost_no_mail_anything() -> Result<()> {
    let mut bed = Testbed::start().await?;
    let shown = |certificate: &maildesk_tests::certificates::CertificateFiles| {
        [
            format!("smtpd_tls_cert_file = {}", certificate.certificate.display()),
            format!("smtpd_tls_key_file = {}", certificate.key.display()),
        ]
    };
    let (expired, other) = (shown(&bed.certificates.expired()), shown(&bed.certificates.wrong_name()));
    let good = shown(&bed.certificates.good());
    bed.postfix.configure(&[&expired[0], &expired[1]]).await?;
    let settings = settings(&bed, "undo_seconds = 0", &Sender::tls(&bed, "desk"), "");
    let mut desk = Desk::start_on(bed, &settings).await?;
    desk.ticket_of("alice@desk.test").await?;
    desk.waits_because("alice@desk.test", "has expired").await?;
    desk.bed.postfix.configure(&[&other[0], &other[1]]).await?;
    eventually(SOON, "the other certificate to be seen", async || {
        desk.waits_because("alice@desk.test", "the certificate is for other.invalid, not for 127.0.0.1").await.map(Some)
    })
    .await?;
    desk.bed.postfix.configure(&[&good[0], &good[1]]).await?;
    desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await.map(drop)
}

#[tokio::test]
async fn a_greylisted_mail_is_put_off_and_goes_at_the_second_try() -> Result<()> {
    let mut bed = Testbed::start().await?;
    let policy =
        format!("smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:{}", greylist::start().await?);
    bed.postfix.configure(&[&policy]).await?;
    let settings = settings(&bed, "undo_seconds = 0", &Sender::tls(&bed, "desk"), "");
    let desk = Desk::start_on(bed, &settings).await?;
    // Mail from outside meets the greylist too: this one is delivered past it.
    let letter = maildesk_tests::letter::Letter::from("alice@desk.test").to("desk@desk.test").subject("Help");
    desk.bed.mailbox("desk").deliver("alice@desk.test", &letter.bytes()).await?;
    let mail = desk.mail_to("alice@desk.test").await?["id"].as_u64().unwrap_or_default();
    let deferred = desk.until_deferred(mail, 1).await?;
    let first = &deferred["history"][0];
    ensure!(first["said"].as_str().is_some_and(|said| said.starts_with("451 4.7.1")), "{deferred}");
    ensure!(first["meaning"].as_str().is_some_and(|meaning| meaning.contains("later")), "{deferred}");
    ensure!(desk.until_sender("working").await.is_ok(), "it is no fault of the sender");
    desk.cli.ok(&["outbox", "retry", &mail.to_string()]).await?;
    let sent = desk.until_state(mail, "sent").await?;
    ensure!(sent["attempts"] == 2, "{sent}");
    desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await.map(drop)
}

#[tokio::test]
async fn one_bad_recipient_among_good_ones_holds_up_nobody() -> Result<()> {
    let mut desk = Desk::start("undo_seconds = 0", "connections = 1").await?;
    // All wait together, so that they go over one connection.
    desk.bed.postfix.stop();
    let people = ["alice", "reject", "bob", "tempfail", "carol"];
    for name in people {
        let from = format!("{name}@desk.test");
        let letter = maildesk_tests::letter::Letter::from(&from).to("desk@desk.test").subject(&format!("From {name}"));
        desk.bed.mailbox("desk").deliver(&from, &letter.bytes()).await?;
        desk.mail_to(&from).await?;
    }
    desk.bed.postfix.start_again().await?;
    for (name, state, attempts) in [
        ("alice", "sent", 1),
        ("reject", "failed", 1),
        ("bob", "sent", 1),
        ("tempfail", "due", 1),
        ("carol", "sent", 1),
    ] {
        eventually(SOON, &format!("the mail to {name} to be {state}"), async || {
            let mail = desk.mail_to(&format!("{name}@desk.test")).await?;
            anyhow::Ok(mail["state"] == state && mail["attempts"] == attempts)
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_mail_larger_than_the_server_takes_is_refused_before_it_is_queued_or_at_its_first_try() -> Result<()> {
    let mut bed = Testbed::start().await?;
    bed.postfix.configure(&["message_size_limit = 20000"]).await?;
    let settings = settings(&bed, "undo_seconds = 0", &Sender::tls(&bed, "desk"), "");
    let desk = Desk::start_on(bed, &settings).await?;
    // Nothing was sent yet, so the limit is not known: delivered past Postfix, and silent until the answer.
    let ticket = desk.ticket_of("alice@desk.test").await?.to_string();
    desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    let long = "The printer prints blank pages. ".repeat(900);
    let reply = ["ticket", "reply", &ticket, "--text", &long];
    let refused = desk.cli.run(&reply).await?;
    ensure!(refused.code == 5, "{refused:?}");
    ensure!(refused.stderr.contains("the server of sender desk takes 20000 at the most (SIZE)"), "{refused:?}");
    let entries = desk.cli.json(&["ticket", "show", &ticket]).await?["data"]["entries"].clone();
    ensure!(entries.as_array().map(Vec::len) == Some(1), "nothing of it is kept: {entries}");

    // A restart forgets the limit: the mail is queued and refused for good at its first try.
    let mut desk = desk;
    desk.daemon.restart().await?;
    let queued = desk.cli.json(&reply).await?;
    let mail = queued["data"]["outbox"].as_u64().unwrap_or_default();
    let failed = desk.until_state(mail, "failed").await?;
    ensure!(failed["attempts"] == 1, "{failed}");
    ensure!(failed["state_said"].as_str().is_some_and(|said| said.contains("takes 20000 at the most")), "{failed}");
    let thread = desk.thread(ticket.parse()?).await?;
    ensure!(thread.contains("was not delivered: the server refused: 552"), "{thread}");
    Ok(())
}
