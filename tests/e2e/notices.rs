//! Agents are told by mail what they asked for, in their language; customers that their ticket is resolved, once.

use crate::desk::{Desk, SOON};
use anyhow::{Context, Result, ensure};
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed};

const AGENTS: &str = r#"
[[agents]]
name = "bob"
addresses = ["bob@desk.test"]
display_name = "Bob B."
notify = ["new_ticket", "customer_replied", "assigned"]
language = "de"
time_zone = "Europe/Berlin"
"#;

#[tokio::test]
async fn an_agent_hears_of_tickets_and_the_customer_that_it_is_resolved() -> Result<()> {
    let desk = Desk::open().await?;
    let settings = desk.cli.ok(&["settings", "export"]).await?;
    desk.cli.apply(&format!("{}\n{AGENTS}", settings.replacen("agents = []\n", "", 1))).await?;
    let first = Letter::from("Alice <alice@desk.test>")
        .to("desk@desk.test")
        .subject("Printer")
        .header("Content-Language", "fr-CA")
        .text("It burns.\r\n");
    desk.receives("alice@desk.test", &first).await?;
    let bob = desk.bed.mailbox("bob");
    let told = bob.wait_for(SOON, "the notice to Bob", |mail| mail.text().contains("Neues Ticket")).await?;
    let header = |name: &str| told.header(name).with_context(|| format!("no {name}"));
    ensure!(header("To")?.contains("\"Bob B.\" <bob@desk.test>"), "{}", told.text());
    ensure!(header("Auto-Submitted")? == "auto-generated" && header("Precedence")? == "bulk");
    ensure!(header("Message-ID")?.starts_with("<md.1.1."), "a reply token: {}", told.text());
    let acknowledged = desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    ensure!(acknowledged.text().contains("lang=3D\"fr\"") || acknowledged.text().contains("lang=\"fr\""));

    let answer =
        Letter::from("Bob <bob@desk.test>").to("desk@desk.test").subject("Re: Printer").text("Pull the plug.\r\n");
    desk.receives("bob@desk.test", &answer.in_reply_to(&header("Message-ID")?)).await?;
    let alice = desk.bed.mailbox("alice");
    let answered = alice.wait_for(SOON, "Bob's answer", |mail| mail.text().contains("Pull the plug.")).await?;
    ensure!(answered.text().contains("Bob B.") && !answered.text().contains("bob@desk.test"), "{}", answered.text());

    desk.cli.ok(&["ticket", "assign", "1", "bob"]).await?;
    bob.wait_for(SOON, "the assignment", |mail| mail.text().contains("Ihnen zugewiesen")).await?;
    let refused = desk.cli.run(&["ticket", "assign", "1", "eve"]).await?;
    ensure!(refused.code == 5 && refused.stderr.contains("not among [[agents]]: bob"), "{refused:?}");
    desk.cli.ok(&["ticket", "pend", "1", "--until", "3d"]).await?;
    desk.cli.ok(&["ticket", "resolve", "1"]).await?;
    let refused = desk.cli.run(&["ticket", "resolve", "1"]).await?;
    ensure!(refused.code == 5 && refused.stderr.contains("resolve cannot be done"), "{refused:?}");
    desk.cli.ok(&["ticket", "reopen", "1"]).await?;
    desk.cli.ok(&["ticket", "resolve", "1", "--quiet"]).await?;
    desk.outbox_is_done().await?;
    let mails = desk.bed.mailbox("alice").mails()?;
    ensure!(mails.len() == 3, "the acknowledgement, the answer and one notice: {}", mails.len());
    ensure!(bob.mails()?.len() == 2, "the new ticket and the assignment");
    Ok(())
}

#[tokio::test]
async fn a_notice_that_the_loop_guard_stops_is_not_lost_silently() -> Result<()> {
    let bed = Testbed::start().await?;
    let guard = "[loops]\nwindows = [{ minutes = 600, mails = 1 }]\naddress_factor = 1\n";
    let settings = desk_settings(&bed).lines(&format!("{guard}{AGENTS}"));
    let desk = Desk::open_with(bed, &settings).await?;
    for subject in ["Printer", "Scanner"] {
        desk.receives("alice@desk.test", &Letter::from("alice@desk.test").to("desk@desk.test").subject(subject))
            .await?;
        desk.judged(subject).await?;
    }
    let untold = |events: Vec<serde_json::Value>| {
        events.into_iter().filter(|event| event.to_string().contains("agent_not_told")).collect::<Vec<_>>()
    };
    let events = untold(desk.events().await?);
    ensure!(events.len() == 1 && events[0].to_string().contains("a loop?"), "{events:?}");
    let second = desk.judged("Scanner").await?["id"].to_string();
    let why = desk.cli.ok(&["mail", "why", &second]).await?;
    ensure!(why.contains("bob is not told by mail: a loop? 1 automatic mails went there within 600 minutes"), "{why}");
    Ok(())
}
