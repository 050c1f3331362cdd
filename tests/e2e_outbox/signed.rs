//! DKIM signatures of mail that left through the outbox and Postfix, verified by dkimpy with keys from a DNS server.

use crate::desk::{Desk, SOON, settings};
use anyhow::{Context, Result, ensure};
use data_encoding::BASE64;
use maildesk_tests::Testbed;
use maildesk_tests::dns::Dns;
use maildesk_tests::process::run;
use maildesk_tests::settings::Sender;
use std::io::Write;
use std::process::{Command, Stdio};

const VERIFIER: &str = include_str!("verify_dkim.py");

/// A private key in PEM, and the record of its public half.
fn rsa_key(bed: &Testbed) -> Result<(String, String)> {
    let file = bed.scratch.dir("dkim")?.join("rsa.pem");
    run(Command::new("openssl").args(["genrsa", "-out"]).arg(&file).arg("2048"))?;
    let public =
        Command::new("openssl").arg("rsa").arg("-in").arg(&file).args(["-pubout", "-outform", "DER"]).output()?;
    ensure!(public.status.success(), "{}", String::from_utf8_lossy(&public.stderr));
    Ok((std::fs::read_to_string(file)?, format!("v=DKIM1; k=rsa; p={}", BASE64.encode(&public.stdout))))
}

async fn ed25519_key(bed: &Testbed) -> Result<(String, String)> {
    let file = bed.scratch.dir("dkim")?.join("ed25519.pem");
    let maker = maildesk_tests::cli::Cli::new(std::path::Path::new("/nonexistent"))?;
    let make = ["dkim", "generate", "--domain", "desk.test", "--selector", "ed", "--algorithm", "ed25519", "--out"];
    let made = maker.json(&[&make[..], &[file.to_str().context("a path")?]].concat()).await?;
    let record = made["data"]["record"].as_str().context("the record")?.to_owned();
    Ok((std::fs::read_to_string(file)?, record))
}

fn dkim(selector: &str, algorithm: &str, key: &str) -> String {
    format!(
        "dkim = {{ domain = \"desk.test\", selector = \"{selector}\", algorithm = \"{algorithm}\", \
         key = {{ value = '''{key}''' }} }}"
    )
}

/// A line of dnsmasq's configuration; one string of a TXT record holds 255 bytes (RFC 1035 §3.3.14).
fn record_line(selector: &str, record: &str) -> String {
    let bytes = record.as_bytes();
    let strings: Vec<String> = bytes.chunks(200).map(|part| format!("\"{}\"", String::from_utf8_lossy(part))).collect();
    format!("txt-record={selector}._domainkey.desk.test,{}\n", strings.join(","))
}

/// What dkimpy says.
fn verified(mail: &[u8], dns_port: &str) -> Result<String> {
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", VERIFIER, dns_port])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("standard input")?.write_all(mail)?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

#[tokio::test]
async fn signatures_of_real_mail_verify_with_dkimpy() -> Result<()> {
    let bed = Testbed::start().await?;
    let (rsa, rsa_record) = rsa_key(&bed)?;
    let (ed, ed_record) = ed25519_key(&bed).await?;
    let dns = Dns::start(&bed.scratch, &(record_line("rs", &rsa_record) + &record_line("ed", &ed_record))).await?;
    let address = dns.address();
    let (_, dns_port) = address.rsplit_once(':').context("a port")?;
    let sender = Sender::tls(&bed, "desk");
    let settings_with = |bed: &Testbed, lines: &str| settings(bed, "undo_seconds = 0", &sender, lines);
    let first = settings_with(&bed, &dkim("rs", "rsa", &rsa));
    let desk = Desk::start_on(bed, &first).await?;
    for (name, lines, want) in [
        ("alice", dkim("rs", "rsa", &rsa), "valid rsa-sha256"),
        ("bob", dkim("ed", "ed25519", &ed), "valid ed25519-sha256"),
    ] {
        desk.cli.apply(&settings_with(&desk.bed, &lines)).await?;
        let from = format!("{name}@desk.test");
        let ticket = desk.ticket_of(&from).await?;
        desk.reply(ticket, "Grüße aus Köln.\n\n.\n  A line with blanks at its end  \n\n\n").await?;
        let inbox = desk.bed.mailbox(name);
        let acknowledgement =
            inbox.wait_for(SOON, "the acknowledgement", |m| m.text().contains("Auto-Submitted")).await?;
        let answer = inbox.wait_for(SOON, "the answer", |m| !m.text().contains("Auto-Submitted")).await?;
        // A test mail is signed as real mail is.
        desk.cli.ok(&["sender", "test", "desk", "--to", &from]).await?;
        let test = inbox.wait_for(SOON, "the test mail", |m| m.text().contains("X-Maildesk-Check: ")).await?;
        for mail in [&acknowledgement, &answer, &test] {
            ensure!(verified(&mail.bytes, dns_port)? == want, "{}", mail.text());
        }
        let altered = answer.text().replacen("Subject: ", "Subject: URGENT ", 1);
        ensure!(verified(altered.as_bytes(), dns_port)?.starts_with("not valid"), "{altered}");
    }
    Ok(())
}

#[tokio::test]
async fn without_its_key_mail_waits_and_says_so_unless_it_may_go_unsigned() -> Result<()> {
    let bed = Testbed::start().await?;
    let sender = Sender::tls(&bed, "desk");
    let missing = "dkim = { domain = \"desk.test\", selector = \"s1\", algorithm = \"rsa\", \
                   key = { credential = \"dkim-key\" }, required = REQUIRED }";
    let with = |bed: &Testbed, required: &str| {
        settings(bed, "undo_seconds = 0", &sender, &missing.replace("REQUIRED", required))
    };
    let first = with(&bed, "true");
    let desk = Desk::start_on(bed, &first).await?;
    desk.ticket_of("alice@desk.test").await?;
    let mail = desk.waits_because("alice@desk.test", "the DKIM key cannot be read: credential \"dkim-key\"").await?;
    let status = desk.cli.ok(&["status"]).await?;
    ensure!(
        status.contains("the DKIM key cannot be read") && status.contains("set dkim.required to false"),
        "{status}"
    );
    let tested = desk.cli.run(&["sender", "test", "desk", "--to", "bob@desk.test"]).await?;
    ensure!(tested.code == 6 && tested.stdout.contains("the DKIM key cannot be read"), "{tested:?}");
    desk.cli.apply(&with(&desk.bed, "false")).await?;
    desk.until_state(mail["id"].as_u64().unwrap_or_default(), "sent").await?;
    let arrived = desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    ensure!(arrived.header("DKIM-Signature").is_none(), "{}", arrived.text());
    Ok(())
}
