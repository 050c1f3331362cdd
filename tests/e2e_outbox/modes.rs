//! Every way to encrypt and to sign in, as mail that is really sent.

use crate::desk::{Desk, SOON, settings};
use anyhow::{Result, ensure};
use maildesk_tests::Testbed;
use maildesk_tests::settings::Sender;

/// The acknowledgement to this person arrives.
async fn acknowledged(desk: &Desk, name: &str) -> Result<()> {
    desk.ticket_of(&format!("{name}@desk.test")).await?;
    desk.bed.mailbox(name).wait_for(SOON, "the acknowledgement", |_| true).await.map(drop)
}

#[tokio::test]
async fn mail_leaves_by_tls_by_starttls_and_plainly_with_and_without_a_login() -> Result<()> {
    let bed = Testbed::start().await?;
    let tls = Sender::tls(&bed, "desk");
    let (submission, relay) = (bed.postfix.submission_port(), bed.postfix.relay_port());
    let with = |bed: &Testbed, sender: &Sender| settings(bed, "undo_seconds = 0", sender, "");
    let first = with(&bed, &tls);
    let mut desk = Desk::start_on(bed, &first).await?;
    acknowledged(&desk, "alice").await?;
    ensure!(desk.bed.postfix.log_tail(400).contains("sasl_method=PLAIN"));

    // LOGIN alone, as some servers offer it.
    desk.bed.postfix.configure(&["smtpd_sasl_mechanism_filter = login"]).await?;
    let starttls = Sender { port: submission, encryption: "starttls".into(), ..tls.clone() };
    desk.cli.apply(&with(&desk.bed, &starttls)).await?;
    acknowledged(&desk, "bob").await?;
    let log = desk.bed.postfix.log_tail(400);
    ensure!(log.contains("postfix/submission/smtpd") && log.contains("sasl_method=LOGIN"), "{log}");

    let plain = Sender { port: relay, encryption: "plain".into(), user: None, ..tls };
    desk.cli.apply(&with(&desk.bed, &plain)).await?;
    acknowledged(&desk, "carol").await
}
