//! Agents whose mail maildesk checks itself: signed by dkimpy, keys from a real name server.

use crate::agents::{from_bob, token_of_bob};
use crate::desk::{Desk, SOON, kinds};
use anyhow::{Context, Result, ensure};
use data_encoding::BASE64;
use maildesk_tests::daemon::{Daemon, DaemonOptions};
use maildesk_tests::dns::Dns;
use maildesk_tests::process::run;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{DOMAIN, Letter, Testbed};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const SIGNER: &str = include_str!("sign_dkim.py");

/// A private key, and the line of dnsmasq's configuration that publishes it.
fn key(bed: &Testbed, domain: &str) -> Result<(PathBuf, String)> {
    let file = bed.scratch.dir("dkim")?.join(format!("{domain}.pem"));
    run(Command::new("openssl").args(["genrsa", "-traditional", "-out"]).arg(&file).arg("2048"))?;
    let public =
        Command::new("openssl").arg("rsa").arg("-in").arg(&file).args(["-pubout", "-outform", "DER"]).output()?;
    let record = format!("v=DKIM1; k=rsa; p={}", BASE64.encode(&public.stdout));
    // One string of a TXT record holds 255 bytes (RFC 1035 §3.3.14).
    let strings: Vec<String> =
        record.as_bytes().chunks(200).map(|part| format!("\"{}\"", String::from_utf8_lossy(part))).collect();
    Ok((file, format!("local=/{domain}/\ntxt-record=s1._domainkey.{domain},{}\n", strings.join(","))))
}

fn signed(letter: &Letter, domain: &str, key: &PathBuf) -> Result<Vec<u8>> {
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", SIGNER, domain])
        .arg(key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("standard input")?.write_all(&letter.bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(output.stdout)
}

/// A desk that checks senders and knows agent Bob.
async fn desk(bed: Testbed, dns: &Dns) -> Result<Desk> {
    let settings = desk_settings(&bed).lines("[[agents]]\nname = \"bob\"\naddresses = [\"bob@desk.test\"]");
    let text = settings.text().replacen("poll_seconds = 1", "poll_seconds = 1\ncheck_senders = true", 1);
    let options = DaemonOptions {
        ca_file: Some(bed.certificates.authority()),
        dns_servers: vec![dns.address()],
        ..DaemonOptions::default()
    };
    let daemon = Daemon::start(&bed.scratch, options).await?;
    let cli = daemon.cli();
    cli.apply(&text).await?;
    Ok(Desk { daemon, cli, bed })
}

impl Desk {
    /// Mail as it is, in Bob's name; what became of it and the sentence about its sender.
    async fn takes(&self, subject: &str, raw: &[u8]) -> Result<(String, String)> {
        let to = format!("desk@{DOMAIN}");
        self.bed.postfix.receive("bob@desk.test", &[&to], raw).await?;
        let judged = self.judged(subject).await?;
        let why = self.ask(&["mail", "why", &judged["id"].to_string()]).await?;
        let steps = why["trace"].as_array().cloned().unwrap_or_default();
        let sender = steps.iter().find(|step| step["step"] == "sender").context(why.to_string())?;
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        Ok((text(&judged["outcome"]), text(&sender["said"])))
    }
}

#[tokio::test]
async fn an_agents_answer_goes_on_only_with_a_good_signature_of_its_own() -> Result<()> {
    let bed = Testbed::start().await?;
    let ((own, own_line), (foreign, foreign_line)) = (key(&bed, DOMAIN)?, key(&bed, "evil.test")?);
    let policy = "txt-record=_dmarc.desk.test,\"v=DMARC1; p=reject\"\n";
    let dns = Dns::start(&bed.scratch, &format!("{own_line}{foreign_line}{policy}")).await?;
    let desk = desk(bed, &dns).await?;
    let token = token_of_bob(&desk).await?;
    let letter = |subject: &str, text: &str| from_bob(subject, text).in_reply_to(&token);

    let genuine = signed(&letter("Genuine", "Switch it off and on.\r\n"), DOMAIN, &own)?;
    let (outcome, said) = desk.takes("Genuine", &genuine).await?;
    assert_eq!(said, "checked here: dkim pass, dmarc pass (signed by desk.test)");
    assert_eq!(outcome, "agent_reply");
    let alice = desk.bed.mailbox("alice");
    alice.wait_for(SOON, "the answer", |mail| mail.text().contains("Switch it off")).await?;

    // Whoever stole the token writes in his name.
    let unsigned = letter("Unsigned", "Pay here\r\n").bytes();
    let tampered = signed(&letter("Tampered", "Pay us\r\n"), DOMAIN, &own)?;
    let tampered = String::from_utf8(tampered)?.replace("Pay us", "Pay me").into_bytes();
    let others = signed(&letter("Of others", "Pay here\r\n"), "evil.test", &foreign)?;
    for (subject, raw, found) in [
        ("Unsigned", unsigned, "dkim none, dmarc neutral (no signature of desk.test"),
        ("Tampered", tampered, "dkim fail, dmarc neutral (signature of desk.test: the body was changed"),
        ("Of others", others, "dkim pass, dmarc neutral (no signature of desk.test"),
    ] {
        let (outcome, said) = desk.takes(subject, &raw).await?;
        assert!(said.starts_with(&format!("checked here: {found}")), "{said}");
        assert_eq!(outcome, "unverified_note", "{said}");
    }

    // He is told, since he may have written it; a machine is not answered.
    let bob = desk.bed.mailbox("bob");
    let told =
        bob.wait_for(SOON, "that it was not sent", |mail| mail.text().contains("no signature of desk.test")).await?;
    assert!(told.text().contains("it is not proven that bob@desk.test wrote it"), "{}", told.text());

    // Rules can rest on it, and a trial finds it anew.
    let rule = "[[filter]]\nname = \"proven\"\nwhen = [{ field = \"fact\", equals = \"dmarc_pass\" }]\nthen = { drop = true }\n";
    let rules = desk.file("proven.toml", rule)?;
    let mail = desk.daemon.socket().with_file_name("genuine.eml");
    std::fs::write(&mail, &genuine)?;
    let (mail, rules) = (mail.to_string_lossy().into_owned(), rules.to_string_lossy().into_owned());
    let tried = desk.ask(&["filter", "try", &mail, "--filters", &rules]).await?;
    assert!(tried.to_string().contains("checked here: dkim pass, dmarc pass"), "{tried}");

    // Without a name server nobody is proven, and nothing is lost or waits.
    drop(dns);
    let late = signed(&letter("No DNS", "Wait for me\r\n"), DOMAIN, &own)?;
    let (outcome, said) = desk.takes("No DNS", &late).await?;
    assert!(
        said.starts_with("checked here: dkim temperror, dmarc temperror (signature of desk.test: its key could"),
        "{said}"
    );
    assert_eq!(outcome, "unverified_note");
    let customer = Letter::from("alice@desk.test").to("desk@desk.test").subject("A customer");
    desk.receives("alice@desk.test", &customer).await?;
    assert_eq!(desk.judged("A customer").await?["outcome"], "new_ticket");
    desk.polls().await?;

    // What was found then counts for mail that is judged anew: keys come and go.
    let changes = desk.cli.ok(&["filter", "dry-run", "--filters", &rules, "--last", "50"]).await?;
    assert!(changes.contains("Genuine") && !changes.contains("Tampered"), "{changes}");
    let ticket = desk.ticket(1).await?;
    assert_eq!(kinds(&ticket).iter().filter(|kind| **kind == "unverified_note").count(), 4, "{ticket}");
    assert!(ticket.to_string().contains("checked here: dkim pass, dmarc pass (signed by desk.test)"), "{ticket}");
    let sent = desk.outbox_is_done().await?;
    assert!(!sent.iter().any(|mail| mail["subject"].to_string().contains("Pay")), "{sent:?}");
    Ok(())
}
