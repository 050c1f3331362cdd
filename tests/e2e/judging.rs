//! Sender checks of the desk's own server, attachments that stay out of tickets, and acknowledgements that a limit held.

use crate::desk::Desk;
use anyhow::Result;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed};
use serde_json::Value;

const JUDGING: &str = r#"
[judging]
trusted_authserv_ids = ["mx.desk.test"]
blocked_attachments = {}

[loops]
same_subject = 1

[[filter]]
name = "forged"
when = [{ field = "fact", equals = "dmarc_fail" }]
then = { quarantine = true }
"#;

fn letter(subject: &str) -> Letter {
    Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject(subject)
}

async fn desk() -> Result<Desk> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).lines(JUDGING);
    let desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    Ok(desk)
}

/// The steps of a mail's verdict, one a line.
async fn trace(desk: &Desk, mail: &Value) -> Result<String> {
    let why = desk.ask(&["mail", "why", &mail["id"].to_string()]).await?;
    let steps = why["trace"].as_array().cloned().unwrap_or_default();
    Ok(steps.iter().map(|step| format!("{} {}\n", step["step"], step["said"])).collect())
}

#[tokio::test]
async fn sender_checks_count_from_our_own_server_only() -> Result<()> {
    let desk = desk().await?;
    let ours = letter("Checked").header("Authentication-Results", "mx.desk.test; spf=pass; dkim=none; dmarc=pass");
    desk.receives("alice@desk.test", &ours).await?;
    let theirs = letter("Claimed").header("Authentication-Results", "mx.evil.test; dmarc=fail");
    desk.receives("alice@desk.test", &theirs).await?;
    let forged = letter("Forged").header("Authentication-Results", "mx.desk.test; dmarc=fail (p=reject)");
    desk.receives("alice@desk.test", &forged).await?;

    let checked = desk.judged("Checked").await?;
    let said = "mx.desk.test says spf pass, dkim none, dmarc pass";
    assert!(trace(&desk, &checked).await?.contains(said), "{checked}");
    let shown = desk.cli.ok(&["ticket", "show", &checked["ticket"].to_string()]).await?;
    assert!(shown.contains(said), "{shown}");

    let claimed = desk.judged("Claimed").await?;
    assert_eq!(claimed["outcome"], "new_ticket", "{claimed}");
    let steps = trace(&desk, &claimed).await?;
    assert!(steps.contains("Authentication-Results of mx.evil.test: not believed"), "{steps}");
    let shown = desk.cli.ok(&["ticket", "show", &claimed["ticket"].to_string()]).await?;
    assert!(!shown.contains("evil"), "{shown}");

    let forged = desk.judged("Forged").await?;
    assert_eq!((&forged["outcome"], &forged["reason"]), (&"quarantined".into(), &"filter forged".into()), "{forged}");
    Ok(())
}

#[tokio::test]
async fn blocked_attachments_stay_in_the_raw_mail() -> Result<()> {
    let desk = desk().await?;
    let program = [&b"MZ"[..], &[7; 100]].concat();
    let two = letter("Two files").attach("setup.exe", "application/octet-stream", program.clone());
    desk.receives("alice@desk.test", &two.attach("log.txt", "text/plain", *b"all well")).await?;
    let judged = desk.judged("Two files").await?;
    let ticket = desk.ticket(judged["ticket"].as_u64().unwrap_or_default()).await?;
    let entry = &ticket["entries"][0];
    let names: Vec<&Value> = entry["attachments"].as_array().into_iter().flatten().map(|file| &file["name"]).collect();
    assert_eq!(names, ["log.txt"], "{entry}");
    let said = "attachment setup.exe is only in the raw mail: files that end in .exe are blocked";
    assert_eq!(entry["remarks"], serde_json::json!([said]), "{entry}");
    assert!(trace(&desk, &judged).await?.contains(said));
    let raw = desk.cli.ok(&["mail", "show", &judged["id"].to_string(), "--raw"]).await?;
    assert!(raw.contains("setup.exe"), "{raw}");
    Ok(())
}

#[tokio::test]
async fn a_verdict_says_whether_its_mail_was_acknowledged() -> Result<()> {
    let desk = desk().await?;
    for text in ["one", "two"] {
        desk.receives("alice@desk.test", &letter("Again").text(text)).await?;
    }
    let mails = desk.judged_in_all(2).await?;
    let mut acknowledged = Vec::new();
    for mail in &mails {
        let shown = desk.ask(&["mail", "show", &mail["id"].to_string()]).await?;
        assert_eq!(shown["outcome"], "new_ticket", "{shown}");
        acknowledged.push(shown["effect"]["acknowledge"].as_bool());
    }
    acknowledged.sort();
    assert_eq!(acknowledged, [Some(false), Some(true)], "a limit stopped one of them");
    assert_eq!(desk.outbox_is_done().await?.len(), 1);
    Ok(())
}
