//! PIPELINING at a real Postfix: one write for the envelope, one answer for each recipient, no mail out of nothing.

use anyhow::{Context, Result};
use maildesk_core::settings::connection::{Encryption, ServerAddress};
use maildesk_daemon::net::{Timeouts, TlsConnectors};
use maildesk_daemon::smtp::{Accepted, SmtpAccount, SmtpConnection};
use maildesk_tests::Testbed;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const MAIL: &[u8] = b"From: <desk@desk.test>\r\nSubject: pipelined\r\nMessage-ID: <p1@desk.test>\r\n\r\nhello\r\n";
const FROM: &str = "desk@desk.test";

/// Leads one connection to the server and keeps what the client wrote, piece by piece.
async fn listening_in(server: u16) -> Result<(u16, Arc<Mutex<Vec<String>>>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let (port, writes) = (listener.local_addr()?.port(), Arc::new(Mutex::new(Vec::new())));
    let kept = Arc::clone(&writes);
    tokio::spawn(async move {
        let (client, _) = listener.accept().await?;
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = TcpStream::connect(("127.0.0.1", server)).await?.into_split();
        tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
        let mut piece = vec![0; 64 * 1024];
        loop {
            let length = from_client.read(&mut piece).await?;
            if length == 0 {
                return std::io::Result::Ok(());
            }
            let text = String::from_utf8_lossy(&piece[..length]).into_owned();
            kept.lock().expect("nobody panics with it").push(text);
            to_server.write_all(&piece[..length]).await?;
        }
    });
    Ok((port, writes))
}

fn outcomes(accepted: &Accepted) -> Vec<u16> {
    accepted.recipients.iter().map(|one| one.outcome.as_ref().map_or_else(|refusal| refusal.code, |()| 250)).collect()
}

fn to(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("{name}@desk.test")).collect()
}

#[tokio::test]
async fn postfix_takes_the_envelope_in_one_piece() -> Result<()> {
    let bed = Testbed::start().await?;
    let (port, writes) = listening_in(bed.postfix.relay_port()).await?;
    let server = ServerAddress {
        host: "127.0.0.1".into(),
        port,
        encryption: Encryption::Plain,
        ca_file: None,
        pin_sha256: None,
    };
    let account = SmtpAccount { server, login: None, ehlo_name: "desk.test".into() };
    let tls = TlsConnectors::with_system_roots();
    let mut connection = SmtpConnection::connect(&account, &tls, &Timeouts::default()).await?;

    let accepted = connection.send(FROM, &to(&["alice", "reject", "tempfail", "bob"]), MAIL).await?;
    assert_eq!(outcomes(&accepted), [250, 550, 451, 250]);
    assert!(accepted.server_said.contains("queued as"), "{}", accepted.server_said);
    {
        let writes = writes.lock().expect("nobody panics with it");
        let envelope = writes.iter().find(|write| write.contains("MAIL FROM")).context("no MAIL")?;
        assert!(envelope.matches("RCPT TO").count() == 4 && envelope.ends_with("DATA\r\n"), "{writes:?}");
    }

    // Postfix refuses DATA where nobody is left; the connection goes on.
    let nobody = connection.send(FROM, &to(&["reject", "tempfail"]), MAIL).await?;
    assert_eq!((outcomes(&nobody), nobody.by_any()), (vec![550, 451], false));
    assert!(connection.is_usable());
    let many: Vec<String> = (0..120).map(|number| format!("carol+{number}@desk.test")).collect();
    let third = connection.send(FROM, &[many, to(&["reject"])].concat(), MAIL).await?;
    assert_eq!(outcomes(&third), [vec![250; 120], vec![550]].concat());
    connection.quit().await;

    let soon = Duration::from_secs(20);
    for name in ["alice", "bob", "carol"] {
        bed.mailbox(name).wait_for(soon, "the mail", |mail| mail.text().contains("Subject: pipelined")).await?;
    }
    assert_eq!(bed.mailbox("alice").mails()?.len(), 1, "one mail, sent once");
    Ok(())
}
