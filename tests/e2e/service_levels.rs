//! Due times: an agent is warned and told of the breach once each, whatever becomes of the daemon in between.

use crate::desk::{Desk, SOON};
use anyhow::{Context, Result, ensure};
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed, eventually};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

/// The shortest target there is, one minute, and some time to spare.
const A_MINUTE_AND_MORE: Duration = Duration::from_secs(120);

const BOB: &str = r#"
[[agents]]
name = "bob"
addresses = ["bob@desk.test"]
notify = ["sla_warning", "sla_breached"]
"#;

/// Warns after 0.6 s.
const MINUTE: &str = r#"
[[sla.policy]]
name = "minute"
first_response = 1
next_response = 1
warn = ["1%"]
"#;

const HOLIDAYS: &str = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Christmas Day\r\nDTSTART;VALUE=DATE:20251225\r\n\
    DTEND;VALUE=DATE:20251226\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Summer party\r\n\
    DTSTART:20260703T150000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

fn letter(subject: &str) -> Letter {
    Letter::from("alice@desk.test").to("desk@desk.test").subject(subject).text("It burns.\r\n")
}

fn count<'a>(values: &'a [Value], field: &str, wanted: &str) -> impl Iterator<Item = &'a Value> {
    let (field, wanted) = (field.to_owned(), wanted.to_owned());
    values.iter().filter(move |value| value[&field] == wanted)
}

#[tokio::test]
async fn an_agent_is_warned_and_told_of_the_breach_once_though_the_daemon_is_killed() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).lines(BOB).lines(MINUTE);
    let mut desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    desk.receives("alice@desk.test", &letter("Printer")).await?;
    desk.judged("Printer").await?;
    // Whether the warning is told already or not: it is told once.
    desk.daemon.kill_hard()?;
    desk.daemon.start_again().await?;
    let bob = desk.bed.mailbox("bob");
    let warning = bob.wait_for(SOON, "the warning", |mail| mail.text().contains("Due soon")).await?;
    ensure!(warning.text().contains("first response"), "{}", warning.text());
    ensure!(warning.header("Auto-Submitted").context("Auto-Submitted")? == "auto-generated");
    let listed = desk.ask(&["ticket", "list", "--sort", "due"]).await?;
    ensure!(listed[0]["number"] == 1 && listed[0]["sla"]["target"] == "first_response", "{listed}");
    for _ in 0..3 {
        desk.daemon.kill_hard()?;
        desk.daemon.start_again().await?;
    }
    bob.wait_for(A_MINUTE_AND_MORE, "the breach", |mail| mail.text().contains("Overdue")).await?;
    desk.daemon.kill_hard()?;
    desk.daemon.start_again().await?;
    desk.outbox_is_done().await?;

    let outbox = desk.outbox().await?;
    ensure!(count(&outbox, "kind", "sla_warning").count() == 1, "{outbox:?}");
    ensure!(count(&outbox, "kind", "sla_breached").count() == 1, "{outbox:?}");
    // A mail that was cut off before the server's answer may come again, under its one Message-ID.
    let ids: BTreeSet<Option<String>> = bob.mails()?.iter().map(|mail| mail.header("Message-ID")).collect();
    ensure!(ids.len() == 2, "{ids:?}");
    let events = desk.events().await?;
    ensure!(
        count(&events, "event", "sla_warning").count() == 1 && count(&events, "event", "sla_breached").count() == 1
    );
    let shown = desk.ask(&["sla", "show", "1"]).await?;
    let first = &shown["clocks"][0];
    ensure!(first["state"] == "running" && first["told"].as_array().map(Vec::len) == Some(2), "{shown}");
    let ticket = desk.ticket(1).await?;
    let entries = ticket["entries"].as_array().context("entries")?;
    ensure!(count(entries, "kind", "sla").count() == 2, "{ticket}");
    Ok(())
}

#[tokio::test]
async fn clocks_follow_the_ticket_and_the_settings() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).lines(BOB);
    let desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    desk.receives("alice@desk.test", &letter("Printer")).await?;
    desk.judged("Printer").await?;
    ensure!(desk.ask(&["sla", "list"]).await?.as_array().is_some_and(Vec::is_empty));
    // A policy that comes later counts from the ticket's beginning.
    let policy = "[[sla.policy]]\nname = \"all\"\nfirst_response = 600\nnext_response = 300\nresolution = 900\n\n\
        [[sla.calendar]]\nname = \"office\"\ntime_zone = \"Europe/Berlin\"\nhours = [\"mon-fri 09:00-17:00\"]\n";
    desk.cli.apply(settings.clone().lines(policy).text()).await?;
    let due = due(&desk, "first_response").await?;
    ensure!(due["sla"]["policy"] == "all" && due["sla"]["due"].is_string(), "{due}");
    desk.cli.ok(&["ticket", "pend", "1"]).await?;
    eventually(SOON, "the clock is paused", async || {
        anyhow::Ok(desk.ticket(1).await?["ticket"]["sla"]["due"].is_null())
    })
    .await?;
    desk.cli.ok(&["ticket", "reopen", "1"]).await?;
    desk.cli.ok(&["ticket", "reply", "1", "--text", "We are on our way."]).await?;
    self::due(&desk, "resolution").await?;
    desk.cli.ok(&["ticket", "resolve", "1"]).await?;
    eventually(SOON, "nothing is due", async || {
        anyhow::Ok(desk.ask(&["sla", "list"]).await?.as_array().is_some_and(Vec::is_empty))
    })
    .await?;

    // Holidays come from a file; a calendar that is never open is refused.
    let file = desk.file("holidays.ics", HOLIDAYS)?;
    let file = file.to_string_lossy();
    let added = desk.ask(&["sla", "holidays", "import", &file, "office"]).await?;
    ensure!(added["added"][0] == "*-12-25 Christmas Day" && added["left_out"][0]["event"] == "Summer party", "{added}");
    let again = desk.ask(&["sla", "holidays", "import", &file, "office"]).await?;
    ensure!(again["known"] == 1 && again["applied"] == false, "{again}");
    let exported = desk.cli.ok(&["settings", "export"]).await?;
    ensure!(exported.contains("*-12-25 Christmas Day"), "{exported}");
    let closed = desk.file("closed.toml", &exported.replace("\"mon-fri 09:00-17:00\"", ""))?;
    let refused = desk.cli.run(&["settings", "apply", &closed.to_string_lossy()]).await?;
    ensure!(
        refused.code == 5 && refused.stderr.contains("sla.calendar \"office\": hours: is never open"),
        "{refused:?}"
    );
    Ok(())
}

/// Waits until this target is what the ticket is listed by.
async fn due(desk: &Desk, target: &str) -> Result<Value> {
    eventually(SOON, &format!("the {target} is due"), async || {
        let mut listed = desk.ask(&["sla", "list"]).await?;
        anyhow::Ok((listed[0]["sla"]["target"] == target).then(|| listed[0].take()))
    })
    .await
}
