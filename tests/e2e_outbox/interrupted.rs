//! The server takes a mail and its answer never arrives: it goes out again, and its reader gets one mail by its id.

use crate::cut::Cut;
use crate::desk::{Desk, SOON, settings};
use anyhow::{Result, ensure};
use maildesk_tests::Testbed;
use maildesk_tests::settings::Sender;
use maildesk_tests::wait::eventually;

/// A desk whose sender speaks plainly to Postfix over a way that loses the answer to the first mail.
async fn desk() -> Result<(Desk, Cut)> {
    let bed = Testbed::start().await?;
    let cut = Cut::start(bed.postfix.relay_port()).await?;
    let sender = Sender { port: cut.port, encryption: "plain".into(), user: None, ..Sender::tls(&bed, "desk") };
    let settings = settings(&bed, "undo_seconds = 0", &sender, "");
    Ok((Desk::start_on(bed, &settings).await?, cut))
}

/// The acknowledgements in Alice's mailbox: how many there are, and that they have one id.
async fn arrived(desk: &Desk, mail: u64) -> Result<usize> {
    let message_id = format!("<{}>", desk.mail(mail).await?["message_id"].as_str().unwrap_or_default());
    let mails = desk.bed.mailbox("alice").mails()?;
    for mail in &mails {
        ensure!(mail.header("Message-ID").as_ref() == Some(&message_id), "another mail: {}", mail.text());
    }
    Ok(mails.len())
}

#[tokio::test]
async fn a_lost_answer_sends_the_mail_again_under_its_one_id() -> Result<()> {
    let (desk, mut cut) = desk().await?;
    desk.ticket_of("alice@desk.test").await?;
    cut.answer_lost().await?;
    let mail = desk.mail_to("alice@desk.test").await?["id"].as_u64().unwrap_or_default();
    let due = desk.until_deferred(mail, 1).await?;
    let said = due["history"][0]["said"].as_str().unwrap_or_default();
    ensure!(said.contains("whether the server took the mail is not known"), "{due}");
    eventually(SOON, "the mail that the server took", async || anyhow::Ok(arrived(&desk, mail).await? == 1)).await?;
    desk.cli.ok(&["outbox", "retry", &mail.to_string()]).await?;
    desk.until_state(mail, "sent").await?;
    eventually(SOON, "it once more", async || anyhow::Ok(arrived(&desk, mail).await? == 2)).await
}

#[tokio::test]
async fn a_server_killed_after_data_gets_the_mail_again_when_it_is_back() -> Result<()> {
    let (mut desk, mut cut) = desk().await?;
    desk.ticket_of("alice@desk.test").await?;
    cut.answer_lost().await?;
    desk.bed.postfix.stop();
    let mail = desk.mail_to("alice@desk.test").await?["id"].as_u64().unwrap_or_default();
    desk.until_deferred(mail, 1).await?;
    desk.cli.ok(&["outbox", "retry", &mail.to_string()]).await?;
    // Down, it is the server's fault: the mail waits and nothing is counted against it.
    desk.until_sender("faulty").await?;
    ensure!(desk.mail(mail).await?["deferrals"] == 1);
    desk.bed.postfix.start_again().await?;
    desk.until_state(mail, "sent").await?;
    eventually(SOON, "the mail, once or twice", async || anyhow::Ok(arrived(&desk, mail).await? >= 1)).await?;
    desk.until_sender("working").await.map(drop)
}

#[tokio::test]
async fn a_mail_at_which_the_connection_always_ends_stops_no_other() -> Result<()> {
    let bed = Testbed::start().await?;
    let cut = Cut::at("RCPT TO:<bob@desk.test>", bed.postfix.relay_port()).await?;
    let sender = Sender { port: cut.port, encryption: "plain".into(), user: None, ..Sender::tls(&bed, "desk") };
    let settings = settings(&bed, "undo_seconds = 0", &sender, "");
    let desk = Desk::start_on(bed, &settings).await?;
    desk.ticket_of("bob@desk.test").await?;
    let bad = desk.mail_to("bob@desk.test").await?["id"].as_u64().unwrap_or_default();
    // Alone it may be the server's fault: nothing is counted.
    desk.until_sender("faulty").await?;
    ensure!(desk.mail(bad).await?["deferrals"] == 0);
    desk.ticket_of("alice@desk.test").await?;
    let good = desk.mail_to("alice@desk.test").await?["id"].as_u64().unwrap_or_default();
    desk.until_state(good, "sent").await?;
    let put_off = desk.until_deferred(bad, 1).await?;
    ensure!(put_off["history"].to_string().contains("the connection ends whenever this mail is sent"), "{put_off}");
    desk.until_sender("working").await.map(drop)
}
