//! Each fault of a sender provoked, on a Postfix that is set up for it or by words of providers that cannot run here.

use super::Said;
use crate::bench::{Bench, WRONG};
use crate::ports::lead;
use crate::providers::smtp;
use anyhow::Result;
use maildesk_tests::settings::{DeskSettings, Sender};
use maildesk_tests::smtp::Client;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// An address of loopback that the good certificate names and no other test uses.
const HOST: &str = "127.0.0.3";

async fn add(said: &mut Said, bench: &Bench, title: &str, sender: &Sender, to: Option<&str>) -> Result<()> {
    let document = DeskSettings::empty().sender(sender);
    let to = to.map(|to| vec!["--to", to]).unwrap_or_default();
    said.add(bench, title, ("sender", &sender.name), &document, &to).await
}

#[tokio::test]
async fn what_a_sender_that_fails_tells_people() -> Result<()> {
    let mut said = Said::new("senders.txt");
    let mut bench = Bench::start().await?;
    let good = Sender::tls(&bench.bed, "desk");
    sign_in(&mut said, &bench, &good).await?;
    way(&mut said, &bench, &good).await?;
    envelope(&mut said, &mut bench, &good).await?;
    certificates(&mut said, &mut bench, &good).await?;
    said.compare()
}

async fn sign_in(said: &mut Said, bench: &Bench, good: &Sender) -> Result<()> {
    let wrong = Sender { password: WRONG.into(), ..good.clone() };
    add(said, bench, "wrong password", &wrong, None).await?;
    let plain = Sender { encryption: "plain".into(), ..wrong };
    for (title, words) in [
        (
            "Gmail wants an app password",
            "5.7.9 Application-specific password required. https://support.google.com/mail/?p=InvalidSecondFactor",
        ),
        ("Gmail refuses the password", "5.7.8 Username and Password not accepted."),
        (
            "Microsoft has switched passwords off",
            "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
        ),
    ] {
        add(said, bench, title, &Sender { port: smtp(words).await?, ..plain.clone() }, None).await?;
    }
    add(said, bench, "no login given", &Sender { user: None, ..good.clone() }, None).await
}

async fn way(said: &mut Said, bench: &Bench, good: &Sender) -> Result<()> {
    let postfix = &bench.bed.postfix;
    let usual = Sender { host: HOST.into(), port: 587, encryption: "starttls".into(), ..good.clone() };
    add(said, bench, "587 refused, 465 refused", &usual, None).await?;
    let smtps = lead(HOST, 465, postfix.smtps_port()).await?;
    add(said, bench, "587 refused, 465 answers", &usual, None).await?;
    smtps.abort();
    let unknown = Sender { host: "smtp.nowhere.invalid".into(), ..good.clone() };
    add(said, bench, "the name does not exist", &unknown, None).await?;
    let tls_on_plain = Sender { port: postfix.submission_port(), ..good.clone() };
    add(said, bench, "TLS on a port that begins plainly", &tls_on_plain, None).await?;
    let plain_on_tls = Sender { encryption: "starttls".into(), ..good.clone() };
    add(said, bench, "STARTTLS on a port that wants TLS at once", &plain_on_tls, None).await?;
    let no_starttls = Sender { port: postfix.relay_port(), encryption: "starttls".into(), ..good.clone() };
    add(said, bench, "no STARTTLS offered", &no_starttls, None).await
}

async fn envelope(said: &mut Said, bench: &mut Bench, good: &Sender) -> Result<()> {
    let port = bench.bed.postfix.smtp_port();
    let nobody = Sender { port, encryption: "starttls".into(), user: None, ..good.clone() };
    add(said, bench, "relaying refused", &nobody, Some("somebody@elsewhere.test")).await?;
    add(said, bench, "no such recipient", good, Some("reject@desk.test")).await?;

    let owners = "smtpd_sender_login_maps = inline:{{sales@desk.test=sales@desk.test}}";
    bench.bed.postfix.configure(&[owners, "smtpd_sender_restrictions = reject_sender_login_mismatch"]).await?;
    let other = Sender { address: "sales@desk.test".into(), ..good.clone() };
    add(said, bench, "From not allowed", &other, None).await?;

    let policy = format!("smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:{}", greylist().await?);
    bench.bed.postfix.configure(&["smtpd_sender_restrictions =", &policy]).await?;
    add(said, bench, "greylisting", good, Some("alice@desk.test")).await?;

    bench.bed.postfix.configure(&["smtpd_recipient_restrictions =", "smtpd_client_connection_count_limit = 1"]).await?;
    let held = Client::tls(good.port, &bench.bed.certificates).await?;
    add(said, bench, "too many connections", good, None).await?;
    drop(held);
    bench.bed.postfix.configure(&["smtpd_client_connection_count_limit = 0"]).await
}

async fn certificates(said: &mut Said, bench: &mut Bench, good: &Sender) -> Result<()> {
    let files = [
        ("the certificate has expired", bench.bed.certificates.expired()),
        ("the certificate is for another name", bench.bed.certificates.wrong_name()),
    ];
    for (title, files) in files {
        let certificate = format!("smtpd_tls_cert_file = {}", files.certificate.display());
        let key = format!("smtpd_tls_key_file = {}", files.key.display());
        bench.bed.postfix.configure(&[&certificate, &key]).await?;
        add(said, bench, title, good, None).await?;
    }
    let stranger = Bench::without_authority().await?;
    let sender = Sender::tls(&stranger.bed, "desk");
    add(said, &stranger, "the authority is not known", &sender, None).await
}

/// A policy service that refuses everybody for now.
async fn greylist() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (reading, mut writing) = stream.into_split();
                let mut lines = BufReader::new(reading).lines();
                while let Ok(Some(line)) = lines.next_line().await {
                    let answer = b"action=451 4.7.1 Greylisted, try again in 60 seconds\n\n";
                    if line.is_empty() && writing.write_all(answer).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    Ok(port)
}
