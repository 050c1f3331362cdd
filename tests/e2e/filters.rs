//! Filters: what drops, what waits for a person, what a ticket begins with, and that the verdict says why.

use crate::desk::Desk;
use anyhow::Result;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed};

const FILTERS: &str = r#"
[[filter]]
name = "backup-reports"
when = [{ field = "subject", wildcard = "[Backup]*" }, { field = "fact", equals = "automatic" }]
then = { drop = true }

[[filter]]
name = "programs"
when = [{ field = "attachment_name", wildcard = "*.exe" }]
then = { quarantine = true }

[[filter]]
name = "shop"
match = "any"
when = [{ field = "from_domain", equals = "shop.test" }, { field = "header", header = "X-Shop", contains = "yes" }]
then = { priority = "high", tags = ["shop"], assign = "ann", no_acknowledgement = true }
"#;

fn letter(from: &str, subject: &str) -> Letter {
    Letter::from(from).to("desk@desk.test").subject(subject)
}

#[tokio::test]
async fn rules_decide_and_say_why() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).lines(FILTERS);
    let desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;

    let report = letter("cron@host.test", "[Backup] done").header("Auto-Submitted", "auto-generated");
    desk.receives("cron@host.test", &report).await?;
    let dropped = desk.judged("[Backup] done").await?;
    assert!(dropped.to_string().contains("filter backup-reports"), "{dropped}");

    desk.receives("eve@host.test", &letter("eve@host.test", "Run me").attach("run.exe", "application/x-exe", *b"MZ"))
        .await?;
    let kept = desk.judged("Run me").await?;
    assert!(kept.to_string().contains("filter programs"), "{kept}");

    desk.receives("bob@desk.test", &letter("Bob <bob@desk.test>", "My order").header("X-Shop", "yes please")).await?;
    let number = desk.judged("My order").await?["ticket"].as_u64().unwrap_or_default();
    let ticket = desk.ticket(number).await?;
    assert_eq!((&ticket["assignee"], &ticket["tags"]), (&"ann".into(), &serde_json::json!(["shop"])), "{ticket}");
    assert_eq!(ticket["ticket"]["priority"], "high", "{ticket}");
    assert_eq!(desk.outbox().await?.len(), 0, "none of these is acknowledged");
    assert_eq!(desk.tickets().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_rule_that_cannot_run_is_refused() -> Result<()> {
    let bed = Testbed::start().await?;
    let wrong = desk_settings(&bed)
        .lines("[[filter]]\nname = \"f\"\nwhen = [{ field = \"subject\", regex = \"(\" }]\nthen = {}\n");
    let daemon = bed.daemon().await?;
    let Err(refused) = daemon.cli().apply(wrong.text()).await else { anyhow::bail!("it was applied") };
    let words = format!("{refused:#}");
    assert!(words.contains("when no. 1") && words.contains("then: does nothing"), "{words}");
    Ok(())
}
