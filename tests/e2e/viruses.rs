//! Mail is shown to a real ClamAV first: what it finds, what it cannot take, and what waits while it is away.

use crate::desk::Desk;
use anyhow::Result;
use maildesk_tests::clamd::{Clamd, FOUND, LARGEST, test_virus};
use maildesk_tests::settings::{DeskSettings, desk_settings};
use maildesk_tests::{Letter, Testbed};
use serde_json::Value;

fn letter(subject: &str) -> Letter {
    Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject(subject)
}

fn scanning(bed: &Testbed, clamd: &Clamd, more: &str) -> DeskSettings {
    let scan = format!("[judging]\nvirus_scan = {{ clamd = \"{}\"{more} }}\n", clamd.socket().display());
    desk_settings(bed).lines(&scan)
}

async fn desk() -> Result<(Desk, Clamd)> {
    let bed = Testbed::start().await?;
    let clamd = Clamd::start(&bed.scratch).await?;
    let settings = scanning(&bed, &clamd, "");
    let desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    Ok((desk, clamd))
}

/// The steps of a mail's verdict, one a line.
async fn trace(desk: &Desk, mail: &Value) -> Result<String> {
    let why = desk.ask(&["mail", "why", &mail["id"].to_string()]).await?;
    let steps = why["trace"].as_array().cloned().unwrap_or_default();
    Ok(steps.iter().map(|step| format!("{} {}\n", step["step"], step["said"])).collect())
}

#[tokio::test]
async fn what_is_found_needs_a_person() -> Result<()> {
    let (desk, _clamd) = desk().await?;
    desk.receives("alice@desk.test", &letter("Clean").attach("log.txt", "text/plain", *b"all well")).await?;
    let clean = desk.judged("Clean").await?;
    assert_eq!(clean["outcome"], "new_ticket", "{clean}");
    assert!(trace(&desk, &clean).await?.contains("\"scan\" \"no virus found\""));

    desk.receives("alice@desk.test", &letter("Infected").attach("invoice.com", "application/x-com", test_virus()))
        .await?;
    let infected = desk.judged("Infected").await?;
    assert_eq!(
        (&infected["outcome"], &infected["reason"]),
        (&"quarantined".into(), &format!("virus {FOUND}").into()),
        "{infected}"
    );
    let id = infected["id"].to_string();
    // Judged anew it is scanned anew; rules that are tried on it do not make it harmless.
    let again = desk.ask(&["quarantine", "replay", &id, "--yes"]).await?;
    assert_eq!(again["mails"][0]["reason"], format!("virus {FOUND}"), "{again}");
    let rules = desk.ask(&["filter", "dry-run"]).await?;
    assert_eq!((&rules["looked_at"], &rules["changed"]), (&2.into(), &Value::Array(Vec::new())), "{rules}");

    desk.receives("alice@desk.test", &letter("Large").text(&"All is well.\n".repeat(LARGEST / 10))).await?;
    let large = desk.judged("Large").await?;
    assert_eq!(large["outcome"], "quarantined", "{large}");
    assert!(large["reason"].as_str().is_some_and(|why| why.contains("larger than the scanner takes")), "{large}");

    // A person knows better.
    let released = desk.ask(&["quarantine", "release", &id, &large["id"].to_string()]).await?;
    assert_eq!(released["mails"].as_array().map(Vec::len), Some(2), "{released}");
    let number = desk.judged("Infected").await?["ticket"].as_u64().unwrap_or_default();
    assert_eq!(desk.save_attachment(number, 1, "invoice.com").await?, test_virus());
    Ok(())
}

#[tokio::test]
async fn mail_waits_for_the_scanner_or_passes_with_a_remark() -> Result<()> {
    let (desk, mut clamd) = desk().await?;
    clamd.stop()?;
    desk.receives("alice@desk.test", &letter("Patient")).await?;
    let faulty = desk.fares("/mailboxes/0", "faulty").await?;
    assert!(faulty.to_string().contains("the virus scanner at "), "{faulty}");
    assert_eq!((desk.mails().await?.len(), desk.bed.mailbox("desk").counts().await?.unseen), (0, 1));
    clamd.start_again().await?;
    assert_eq!(desk.judged("Patient").await?["outcome"], "new_ticket");
    desk.fares("/mailboxes/0", "working").await?;

    desk.cli.apply(scanning(&desk.bed, &clamd, ", unscanned = \"pass\"").text()).await?;
    clamd.stop()?;
    desk.receives("alice@desk.test", &letter("Hasty")).await?;
    let hasty = desk.judged("Hasty").await?;
    let ticket = desk.ticket(hasty["ticket"].as_u64().unwrap_or_default()).await?;
    let remark = ticket["entries"][0]["remarks"][0].as_str().unwrap_or_default();
    assert!(remark.starts_with("not scanned for viruses: the virus scanner at "), "{ticket}");
    Ok(())
}
