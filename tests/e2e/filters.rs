//! Filters: what drops, what waits for a person, what a ticket begins with, and that the verdict says why.

use crate::desk::Desk;
use anyhow::{Context, Result};
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed};
use serde_json::Value;

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

/// What a dry run says of the mail with this subject.
fn changed<'a>(run: &'a Value, subject: &str) -> Option<&'a Value> {
    run["changed"].as_array()?.iter().find(|one| one["mail"]["subject"] == subject)
}

#[tokio::test]
async fn rules_are_tried_before_they_count_and_count_what_they_match() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).lines(FILTERS);
    let desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    let order = letter("bob@desk.test", "My order").header("X-Shop", "yes");
    desk.receives("bob@desk.test", &order).await?;
    desk.judged("My order").await?;
    desk.receives("bob@desk.test", &order).await?;
    desk.receives("alice@desk.test", &letter("alice@desk.test", "A question")).await?;
    desk.judged("A question").await?;
    let before = desk.judged_in_all(3).await?;
    assert_eq!(before.iter().filter(|mail| mail["outcome"] == "dropped").count(), 1, "the repeat: {before:?}");

    let listed = desk.ask(&["filter", "list"]).await?;
    let hits: Vec<&Value> = listed.as_array().into_iter().flatten().map(|rule| &rule["hits"]).collect();
    assert_eq!(hits, [0, 0, 1], "a repeated mail is no match: {listed}");

    // With the saved rules nothing would change: not the repeat, not a number.
    let same = desk.ask(&["filter", "dry-run"]).await?;
    assert_eq!((&same["looked_at"], &same["changed"]), (&3.into(), &Value::Array(Vec::new())), "{same}");

    let rules = "[[filter]]\nname = \"questions\"\nwhen = [{ field = \"subject\", contains = \"question\" }]\n\
                 then = { drop = true }\n";
    let rules = desk.file("rules.toml", rules)?.to_string_lossy().into_owned();
    let other = desk.ask(&["filter", "dry-run", "--filters", &rules]).await?;
    let question = changed(&other, "A question").context("the question would be dropped")?;
    assert_eq!(question["differences"][0]["new"], "dropped, filter questions", "{question}");
    assert_eq!(
        (&question["rules_new"][0], &question["differences"][0]["by_rules"]),
        (&"questions".into(), &true.into())
    );
    let order = changed(&other, "My order").context("the order loses its marks")?;
    assert_eq!(order["rules_gone"][0], "shop", "{order}");
    assert_eq!(other["counts"]["priority"], 1, "{other}");
    assert_eq!(other["changed"].as_array().map(Vec::len), Some(2), "the repeat stays a repeat: {other}");

    let mail = "From: carl@desk.test\r\nTo: desk@desk.test\r\nSubject: My question\r\n\r\nHow?\r\n";
    let mail = desk.file("mail.eml", mail)?.to_string_lossy().into_owned();
    let saved = desk.ask(&["filter", "try", &mail]).await?;
    assert_eq!((&saved["outcome"], &saved["effect"]["acknowledge"]), (&"new_ticket".into(), &true.into()), "{saved}");
    let tried = desk.ask(&["filter", "try", &mail, "--filters", &rules]).await?;
    assert_eq!((&tried["outcome"], &tried["reason"]), (&"dropped".into(), &"filter questions".into()), "{tried}");
    assert_eq!((desk.mails().await?.len(), desk.tickets().await?.len()), (3, 2), "a trial writes nothing");

    // Saved, moved to the top, it counts from the next mail on.
    desk.cli.ok(&["filter", "add", &rules]).await?;
    desk.cli.ok(&["filter", "move", "questions", "--first"]).await?;
    desk.cli.ok(&["filter", "disable", "shop"]).await?;
    let listed = desk.ask(&["filter", "list"]).await?;
    assert_eq!((&listed[0]["name"], &listed[3]["enabled"]), (&"questions".into(), &false.into()), "{listed}");
    desk.receives("alice@desk.test", &letter("alice@desk.test", "Another question")).await?;
    let dropped = desk.judged("Another question").await?;
    assert_eq!(dropped["reason"], "filter questions");
    let id = dropped["id"].to_string();
    let why = desk.cli.ok(&["mail", "why", &id]).await?;
    assert!(why.contains("questions matches: subject contains \"question\"") && why.contains(" ms "), "{why}");
    let found = desk.ask(&["mail", "list", "--filter", "questions", "--subject", "QUESTION another"]).await?;
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(desk.ask(&["filter", "show", "questions"]).await?["hits"], 1);
    let alone = desk.ask(&["filter", "dry-run", "--rule", "shop"]).await?;
    assert!(changed(&alone, "Another question").is_some() && changed(&alone, "My order").is_none(), "{alone}");

    desk.cli.ok(&["filter", "remove", "questions"]).await?;
    desk.cli.ok(&["filter", "add", &rules]).await?;
    assert_eq!(desk.ask(&["filter", "show", "questions"]).await?["hits"], 0, "a new rule begins anew");
    Ok(())
}
