//! The doctor by a real name server.

use anyhow::{Context, Result};
use maildesk_tests::daemon::{Daemon, DaemonOptions};
use maildesk_tests::dns::Dns;
use maildesk_tests::scratch::Scratch;

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
