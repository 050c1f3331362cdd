//! The usual ports on an address of their own: one refuses, the real server answers on its neighbour.

use crate::bench::Bench;
use anyhow::{Context, Result};
use maildesk_tests::settings::{Mailbox, Sender};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// An address of loopback that nobody else uses and the good certificate names.
const HOST: &str = "127.0.0.2";

/// Leads a usual port to the test server.
pub(crate) async fn lead(host: &'static str, port: u16, to: u16) -> Result<JoinHandle<()>> {
    let listener = TcpListener::bind((host, port)).await.with_context(|| format!("port {port} of {host}"))?;
    Ok(tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            if let Ok(mut far) = TcpStream::connect(("127.0.0.1", to)).await {
                tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await.ok() });
            }
        }
    }))
}

#[tokio::test]
async fn where_a_port_refuses_its_neighbour_is_asked() -> Result<()> {
    let bench = Bench::start().await?;
    let sender =
        Sender { host: HOST.into(), port: 587, encryption: "starttls".into(), ..Sender::tls(&bench.bed, "desk") };
    let nothing = bench.sender(&sender, None).await?;
    nothing.fails("connect", "nothing listens on 127.0.0.2 port 587", "465 for TLS")?;
    nothing.fails("other_port", "port 465 is no way either", "firewall")?;

    let smtps = lead(HOST, 465, bench.bed.postfix.smtps_port()).await?;
    let imap = lead(HOST, 143, bench.bed.dovecot.imap_port()).await?;
    let found = bench.sender(&sender, None).await?;
    found.fails("connect", "nothing listens on 127.0.0.2 port 587", "465 for TLS")?;
    assert_eq!(found.found("other_port", "tried"), "port 465 with encryption \"tls\"", "{}", found.text);
    assert!(found.steps().contains(&"other_port passed".to_owned()), "{}", found.text);
    assert!(found.text.contains("Set port 465 and encryption \\\"tls\\\"."), "{}", found.text);

    let mailbox = Mailbox { host: HOST.into(), port: 993, ..Mailbox::tls(&bench.bed, "desk") };
    let found = bench.mailbox(&mailbox).await?;
    found.fails("connect", "nothing listens on 127.0.0.2 port 993", "143 for STARTTLS")?;
    assert_eq!(found.found("other_port", "tried"), "port 143 with encryption \"starttls\"", "{}", found.text);
    assert!(found.steps().contains(&"other_port passed".to_owned()), "{}", found.text);
    smtps.abort();
    imap.abort();
    Ok(())
}
