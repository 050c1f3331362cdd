//! Words of providers that cannot run here: scripted servers say them.

use crate::bench::{Bench, WRONG};
use anyhow::Result;
use maildesk_tests::settings::{Mailbox, Sender};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// Greets, then answers each line.
async fn scripted(greeting: &'static str, answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (reading, mut writing) = stream.into_split();
            let mut lines = BufReader::new(reading).lines();
            if writing.write_all(greeting.as_bytes()).await.is_err() {
                continue;
            }
            while let Ok(Some(line)) = lines.next_line().await {
                if writing.write_all(answer(&line).as_bytes()).await.is_err() {
                    break;
                }
            }
        }
    });
    Ok(port)
}

pub(crate) async fn smtp(refusal: &'static str) -> Result<u16> {
    scripted("220 mail ready\r\n", move |line| match line {
        ehlo if ehlo.starts_with("EHLO") => "250-mail\r\n250 AUTH LOGIN PLAIN\r\n".into(),
        // A server that repeats what it was told.
        auth if auth.starts_with("AUTH") => format!("535 {refusal} ({auth})\r\n"),
        _ => "221 bye\r\n".into(),
    })
    .await
}

pub(crate) async fn imap(refusal: &'static str) -> Result<u16> {
    scripted("* OK [CAPABILITY IMAP4rev1] ready\r\n", move |line| {
        let tag = line.split(' ').next().unwrap_or_default();
        format!("{tag} NO {refusal} ({line})\r\n")
    })
    .await
}

#[tokio::test]
async fn refusals_of_large_providers_name_their_remedy() -> Result<()> {
    let bench = Bench::start().await?;
    let sender = Sender { encryption: "plain".into(), password: WRONG.into(), ..Sender::tls(&bench.bed, "desk") };
    for (words, meaning, remedy) in [
        (
            "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
            "switched sign-in by password off",
            "enable Authenticated SMTP for the mailbox",
        ),
        (
            "5.7.9 Application-specific password required. https://support.google.com/mail/?p=InvalidSecondFactor",
            "wants an app password",
            "https://myaccount.google.com/apppasswords",
        ),
        ("5.7.8 Username and Password not accepted.", "does not accept this user name", "app password"),
    ] {
        let checked = bench.sender(&Sender { port: smtp(words).await?, ..sender.clone() }, None).await?;
        checked.fails("login", meaning, remedy)?;
        assert!(checked.said("login").contains("[redacted]"), "{}", checked.text);
    }
    let mailbox = Mailbox { encryption: "plain".into(), password: WRONG.into(), ..Mailbox::tls(&bench.bed, "desk") };
    for (words, meaning, remedy) in [
        (
            "[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833",
            "wants an app password",
            "https://myaccount.google.com/apppasswords",
        ),
        ("LOGIN failed. BasicAuthBlocked", "switched sign-in by password off", "OAuth"),
        ("[ALERT] Your account is not enabled for IMAP use.", "IMAP is switched off for this account", "Switch it on"),
    ] {
        let checked = bench.mailbox(&Mailbox { port: imap(words).await?, ..mailbox.clone() }).await?;
        checked.fails("login", meaning, remedy)?;
    }
    Ok(())
}
