//! Each fault of a mailbox provoked, on a real Dovecot or by words of providers that cannot run here.

use super::Said;
use crate::bench::{Bench, WRONG};
use crate::providers::imap;
use anyhow::{Context, Result, ensure};
use data_encoding::HEXLOWER;
use maildesk_tests::certificates::{CertificateFiles, Certificates};
use maildesk_tests::dovecot::{EXPIRED_CERTIFICATE, TLS_REQUIRED, WRONG_CERTIFICATE};
use maildesk_tests::imap::Imap;
use maildesk_tests::settings::{DeskSettings, Mailbox, Sender};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use sha2::{Digest, Sha256};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

fn document(bench: &Bench, mailbox: &Mailbox) -> DeskSettings {
    DeskSettings::empty().mailbox(mailbox).sender(&Sender::tls(&bench.bed, &mailbox.sender))
}

async fn add(said: &mut Said, bench: &Bench, title: &str, mailbox: &Mailbox) -> Result<()> {
    said.add(bench, title, ("mailbox", &mailbox.name), &document(bench, mailbox), &[]).await
}

#[tokio::test]
async fn what_a_mailbox_that_fails_tells_people() -> Result<()> {
    let mut said = Said::new("mailboxes.txt");
    let bench = Bench::start().await?;
    let good = Mailbox::tls(&bench.bed, "desk");
    way(&mut said, &bench, &good).await?;
    sign_in(&mut said, &bench, &good).await?;
    folder(&mut said, &bench, &good).await?;
    certificates(&mut said, &bench, &good).await?;
    said.compare()
}

async fn way(said: &mut Said, bench: &Bench, good: &Mailbox) -> Result<()> {
    let unknown = Mailbox { host: "imap.nowhere.invalid".into(), ..good.clone() };
    add(said, bench, "the name does not exist", &unknown).await?;
    let tls_on_plain = Mailbox { port: bench.bed.dovecot.imap_port(), ..good.clone() };
    add(said, bench, "TLS on a port that begins plainly", &tls_on_plain).await?;
    let plain_on_tls = Mailbox { encryption: "starttls".into(), ..good.clone() };
    add(said, bench, "STARTTLS on a port that wants TLS at once", &plain_on_tls).await?;
    let smtp = Mailbox { port: bench.bed.postfix.smtp_port(), encryption: "starttls".into(), ..good.clone() };
    add(said, bench, "a port of SMTP", &smtp).await
}

async fn sign_in(said: &mut Said, bench: &Bench, good: &Mailbox) -> Result<()> {
    let wrong = Mailbox { password: WRONG.into(), ..good.clone() };
    add(said, bench, "wrong password", &wrong).await?;
    let plain = Mailbox { encryption: "plain".into(), ..wrong };
    for (title, words) in [
        (
            "Gmail wants an app password",
            "[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833",
        ),
        ("Microsoft has switched passwords off", "LOGIN failed. BasicAuthBlocked"),
        ("IMAP is switched off for the mailbox", "[ALERT] Your account is not enabled for IMAP use."),
    ] {
        add(said, bench, title, &Mailbox { port: imap(words).await?, ..plain.clone() }).await?;
    }
    let port = bench.bed.dovecot.imap_port();
    let unencrypted = Mailbox { host: TLS_REQUIRED.into(), port, encryption: "plain".into(), ..good.clone() };
    add(said, bench, "no login without encryption", &unencrypted).await
}

async fn folder(said: &mut Said, bench: &Bench, good: &Mailbox) -> Result<()> {
    let mut session = Imap::plain("127.0.0.1", bench.bed.dovecot.imap_port()).await?;
    session.login("desk").await?;
    // "Обработано" in modified UTF-7.
    session.command("CREATE &BB4EMQRABDAEMQQ+BEIEMAQ9BD4-").await?;
    let misspelt = Mailbox { folder: "Обработанно".into(), ..good.clone() };
    add(said, bench, "unknown folder", &misspelt).await
}

async fn certificates(said: &mut Said, bench: &Bench, good: &Mailbox) -> Result<()> {
    let expired = Mailbox { host: EXPIRED_CERTIFICATE.into(), ..good.clone() };
    add(said, bench, "the certificate has expired", &expired).await?;
    let other = Mailbox { host: WRONG_CERTIFICATE.into(), ..good.clone() };
    add(said, bench, "the certificate is for another name", &other).await?;

    let files = self_signed(bench)?;
    let port = encrypting(&files, bench.bed.dovecot.imap_port()).await?;
    let mailbox = Mailbox { port, ..good.clone() };
    add(said, bench, "self-signed certificate", &mailbox).await?;
    // Both ways that it names lead on: its file as an authority, or its fingerprint as a pin.
    let certificate = CertificateDer::from_pem_file(&files.certificate)?;
    let pin = format!("pin_sha256 = \"{}\"", HEXLOWER.encode(&Sha256::digest(&certificate)));
    let authority = format!("ca_file = \"{}\"", files.certificate.display());
    for trust in [pin, authority] {
        let text = document(bench, &mailbox).text().replacen("\"tls\" }", &format!("\"tls\", {trust} }}"), 1);
        let file = bench.bed.scratch.dir("unsaved")?.join("trusted.toml");
        std::fs::write(&file, text)?;
        let check = ["mailbox", "test", "desk", "--file", file.to_str().context("a path")?];
        let printed = bench.cli.run(&check).await?;
        ensure!(printed.code == 0, "{trust}: {printed:?}");
    }
    Ok(())
}

fn self_signed(bench: &Bench) -> Result<CertificateFiles> {
    let folder = bench.bed.scratch.dir("self-signed")?;
    let key = rcgen::KeyPair::generate()?;
    let certificate = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()])?.self_signed(&key)?;
    let files = CertificateFiles { certificate: folder.join("own.pem"), key: folder.join("own.key") };
    std::fs::write(&files.certificate, certificate.pem())?;
    std::fs::write(&files.key, key.serialize_pem())?;
    Ok(files)
}

/// Puts TLS with this certificate before a port of Dovecot's that has none.
async fn encrypting(files: &CertificateFiles, to: u16) -> Result<u16> {
    let acceptor = TlsAcceptor::from(Certificates::server_config(files)?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut near = acceptor.accept(near).await?;
                let mut far = TcpStream::connect(("127.0.0.1", to)).await?;
                tokio::io::copy_bidirectional(&mut near, &mut far).await
            });
        }
    });
    Ok(port)
}
