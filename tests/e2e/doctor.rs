//! The doctor by a real name server.

use anyhow::{Context, Result};
use maildesk_tests::daemon::{Daemon, DaemonOptions};
use maildesk_tests::dns::Dns;
use maildesk_tests::scratch::Scratch;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Testbed, eventually};
use std::time::Duration;

const SENDER: &str = "[[sender]]\nname = \"support\"\nfrom = \"desk@example.org\"\n\
server = { host = \"mail.example.org\", port = 465, encryption = \"tls\" }\n";

async fn desk(scratch: &Scratch, dns: &str) -> Result<Daemon> {
    let options = DaemonOptions { dns_servers: vec![dns.to_owned()], ..DaemonOptions::default() };
    Daemon::start(scratch, options).await
}

fn verdict(answer: &serde_json::Value, check: &str) -> String {
    let findings = answer["data"]["senders"][0]["findings"].as_array().cloned().unwrap_or_default();
    let of_check = findings.iter().filter(|finding| finding["check"] == check);
    of_check.map(|finding| finding["verdict"].as_str().unwrap_or_default()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_doctor_judges_what_a_name_server_says() -> Result<()> {
    let scratch = Scratch::new()?;
    let key = scratch.dir("key")?.join("key.pem");
    let make = ["dkim", "generate", "--domain", "example.org", "--selector", "s1", "--algorithm", "ed25519", "--out"];
    let maker = maildesk_tests::cli::Cli::new(std::path::Path::new("/nonexistent"))?;
    let made = maker.json(&[&make[..], &[key.to_str().context("a path")?]].concat()).await?;
    let record = made["data"]["record"].as_str().context("the record")?.to_owned();
    let pem = std::fs::read_to_string(&key)?;
    let long = format!("\"v=spf1 ip4:203.0.113.0/24 {}\",\"ip4:198.51.100.7 -all\"", "ip4:192.0.2.1 ".repeat(12));
    let dns = Dns::start(
        &scratch,
        &format!(
            "txt-record=example.org,{long}\ntxt-record=_dmarc.example.org,\"v=DMARC1; p=reject\"\n\
             txt-record=s1._domainkey.example.org,\"{record}\"\nmx-host=example.org,mail.example.org,10\n\
             host-record=mail.example.org,198.51.100.7"
        ),
    )
    .await?;
    let daemon = desk(&scratch, &dns.address()).await?;
    let cli = daemon.cli();
    let dkim = format!(
        "dkim = {{ domain = \"example.org\", selector = \"s1\", algorithm = \"ed25519\", key = {{ value = '''{pem}''' }} }}\n"
    );
    cli.apply(&format!("{SENDER}{dkim}")).await?;
    let printed = cli.run(&["doctor", "--json"]).await?;
    let answer: serde_json::Value = serde_json::from_str(&printed.stdout).context(printed.stderr)?;
    assert_eq!(verdict(&answer, "spf"), "good good", "{answer:#}");
    assert_eq!(verdict(&answer, "dkim"), "good", "{answer:#}");
    assert_eq!(verdict(&answer, "dmarc"), "good", "{answer:#}");
    assert_eq!(verdict(&answer, "mx"), "good", "{answer:#}");
    assert_eq!(verdict(&answer, "reverse_dns"), "good", "{answer:#}");

    // A record that is wrong is a finding with what to publish, and exit code 6.
    cli.apply(&format!("{SENDER}{}", dkim.replace("\"s1\"", "\"s2\""))).await?;
    let printed = cli.run(&["doctor", "support"]).await?;
    assert_eq!(printed.code, 6, "{}", printed.stdout);
    assert!(
        printed.stdout.contains("publish: s2._domainkey.example.org TXT v=DKIM1; k=ed25519; p="),
        "{}",
        printed.stdout
    );
    assert!(!printed.stdout.contains("PRIVATE KEY"));
    assert_eq!(cli.run(&["doctor", "nobody"]).await?.code, 3);

    // Name servers that are gone are said, not failed.
    drop(dns);
    let printed = cli.run(&["doctor"]).await?;
    assert!(printed.stdout.contains("DNS does not answer: nothing was judged"), "{}", printed.stdout);
    Ok(())
}

#[tokio::test]
async fn the_doctor_tells_how_long_the_servers_certificates_are_valid() -> Result<()> {
    let mut bed = Testbed::start().await?;
    let (_daemon, cli) = bed.daemon_with(desk_settings(&bed).text()).await?;
    let certificates = async || {
        let printed = cli.run(&["doctor", "--json"]).await?;
        let answer: serde_json::Value = serde_json::from_str(&printed.stdout).context(printed.stderr)?;
        let findings = answer["data"]["desk"].as_array().cloned().unwrap_or_default();
        anyhow::Ok(findings.into_iter().filter(|finding| finding["check"] == "certificate").collect::<Vec<_>>())
    };
    // Of the mailbox as soon as it was polled; the sender has sent nothing yet.
    let found = eventually(Duration::from_secs(30), "both certificates", async || {
        let found = certificates().await?;
        anyhow::Ok((found.iter().all(|finding| finding["verdict"] == "good") && found.len() == 2).then_some(found))
    })
    .await?;
    for (finding, what) in found.iter().zip(["sender desk", "mailbox desk"]) {
        assert!(finding["subject"].as_str().is_some_and(|subject| subject.starts_with(what)), "{finding}");
        assert!(finding["meaning"].as_str().is_some_and(|said| said.contains("days, on 2049-01-01")), "{finding}");
    }
    let expired = bed.certificates.expired();
    let certificate = format!("smtpd_tls_cert_file = {}", expired.certificate.display());
    bed.postfix.configure(&[&certificate, &format!("smtpd_tls_key_file = {}", expired.key.display())]).await?;
    let found = certificates().await?;
    assert_eq!(found[0]["verdict"], "unknown");
    assert!(found[0]["meaning"].as_str().is_some_and(|said| said.ends_with("of 127.0.0.1 has expired")), "{found:?}");
    Ok(())
}

#[tokio::test]
async fn servers_are_proposed_by_what_a_name_server_says() -> Result<()> {
    let scratch = Scratch::new()?;
    let records = "srv-host=_imaps._tcp.example.org,mail.example.org,1993,20,0\n\
                   srv-host=_imaps._tcp.example.org,first.example.org,993,10,0\n\
                   srv-host=_submission._tcp.example.org,mail.example.org,587,0,1";
    let dns = Dns::start(&scratch, records).await?;
    let daemon = desk(&scratch, &dns.address()).await?;
    let answer = daemon.cli().json(&["mailbox", "servers", "desk@example.org"]).await?;
    let server = |which: &str| {
        let server = &answer["data"][which]["server"];
        format!("{}:{} {}", server["host"], server["port"], server["encryption"]).replace('"', "")
    };
    assert_eq!([server("imap"), server("smtp")], ["first.example.org:993 tls", "mail.example.org:587 starttls"]);
    assert_eq!(answer["data"]["imap"]["source"]["dns"]["record"], "_imaps._tcp.example.org");
    // Without name servers the usual names are a guess, and no fault.
    drop(dns);
    let printed = daemon.cli().run(&["mailbox", "servers", "desk@example.org"]).await?;
    assert!(printed.stdout.contains("imap.example.org:993 (tls), a guess: DNS does not say"), "{printed:?}");
    Ok(())
}
