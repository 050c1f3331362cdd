//! Agents who work tickets by mail: commands before the text, refused ones answered, never a word of them to customers.

use crate::desk::{Desk, SOON, kinds};
use anyhow::{Context, Result, ensure};
use maildesk_tests::Letter;
use maildesk_tests::mailbox::StoredMail;

const BOB: &str = "[[agents]]\nname = \"bob\"\naddresses = [\"bob@desk.test\"]\nnotify = [\"new_ticket\"]\n";

/// A desk with agent Bob and a ticket of Alice's; the notice that he got of it.
async fn with_notice() -> Result<(Desk, StoredMail)> {
    let desk = Desk::open().await?;
    let settings = desk.cli.ok(&["settings", "export"]).await?;
    desk.cli.apply(&format!("{}\n{BOB}", settings.replacen("agents = []\n", "", 1))).await?;
    let first = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("Printer").text("It burns.\r\n");
    desk.receives("alice@desk.test", &first).await?;
    let told = desk.bed.mailbox("bob").wait_for(SOON, "the notice to Bob", |_| true).await?;
    Ok((desk, told))
}

/// Bob answers a mail that he got.
fn bob(subject: &str, text: &str, to: &StoredMail) -> Result<Letter> {
    let id = to.header("Message-ID").context("no Message-ID")?;
    Ok(Letter::from("Bob <bob@desk.test>").to("desk@desk.test").subject(subject).text(text).in_reply_to(&id))
}

#[tokio::test]
async fn an_agent_answers_and_resolves_by_mail() -> Result<()> {
    let (desk, told) = with_notice().await?;
    let text = "#take\r\n#tag hardware fire\r\n#priority high\r\n\r\nDear Alice,\r\npull the plug.\r\n";
    desk.receives("bob@desk.test", &bob("Re: Printer", text, &told)?).await?;
    let alice = desk.bed.mailbox("alice");
    let answer = alice.wait_for(SOON, "Bob's answer", |mail| mail.text().contains("pull the plug")).await?;
    ensure!(!answer.text().contains("#take") && !answer.text().contains("hardware"), "{}", answer.text());
    let ticket = desk.ticket(1).await?;
    ensure!(ticket["assignee"] == "bob" && ticket["tags"] == serde_json::json!(["hardware", "fire"]), "{ticket}");
    ensure!(ticket["ticket"]["priority"] == "high" && ticket["ticket"]["status"] == "open", "{ticket}");

    desk.receives("bob@desk.test", &bob("To the team", "#note\r\n#pending 3\r\n\r\nA fuse.\r\n", &told)?).await?;
    desk.judged("To the team").await?;
    let ticket = desk.ticket(1).await?;
    ensure!(kinds(&ticket).contains(&"note") && ticket["ticket"]["status"] == "pending", "{ticket}");
    desk.receives("bob@desk.test", &bob("It is done", "#resolve\r\n", &told)?).await?;
    desk.judged("It is done").await?;
    ensure!(desk.ticket(1).await?["ticket"]["status"] == "resolved");
    alice.wait_for(SOON, "the notice that it is resolved", |mail| mail.text().contains("resolved")).await?;
    desk.outbox_is_done().await?;
    let mails = alice.mails()?;
    ensure!(mails.len() == 3, "acknowledgement, answer, resolved: {}", mails.len());
    ensure!(mails.iter().all(|mail| !mail.text().contains("#") || !mail.text().contains("A fuse")));
    let why = desk.ask(&["mail", "list"]).await?;
    ensure!(why[0]["outcome"] == "agent_reply", "{why}");
    Ok(())
}

#[tokio::test]
async fn a_refused_command_is_answered_and_nothing_is_done() -> Result<()> {
    let (desk, told) = with_notice().await?;
    let text = "#tag hardware\r\n#resolv\r\n#assign eve\r\n\r\nDear Alice, all is well.\r\n";
    desk.receives("bob@desk.test", &bob("Re: Printer", text, &told)?).await?;
    let bobs = desk.bed.mailbox("bob");
    let refusal = bobs.wait_for(SOON, "the refusal", |mail| mail.text().contains("no such command")).await?;
    let header = |name: &str| refusal.header(name).unwrap_or_default();
    ensure!(header("Auto-Submitted") == "auto-replied" && header("Precedence") == "bulk", "{}", refusal.text());
    let said = refusal.text();
    for want in ["#resolv: there is no such", "#assign eve: no agent has", "#resolve", "Dear Alice, all is well."] {
        ensure!(said.contains(want), "{want}: {said}");
    }
    let ticket = desk.ticket(1).await?;
    ensure!(kinds(&ticket) == ["comment", "note"], "{ticket}");
    ensure!(ticket["tags"] == serde_json::json!([]) && ticket["ticket"]["status"] == "new", "{ticket}");
    ensure!(ticket["entries"][1]["text"].as_str().is_some_and(|text| text.contains("all is well")), "{ticket}");

    // The answer to the refusal is Bob's, too; a machine that answers it is not heard.
    let away = bob("I am away", "#close\r\n", &refusal)?.header("Auto-Submitted", "auto-replied");
    desk.receives("bob@desk.test", &away).await?;
    ensure!(desk.judged("I am away").await?["outcome"] == "dropped");
    desk.receives("bob@desk.test", &bob("Now right", "#assign me\r\n#reopen\r\n", &refusal)?).await?;
    bobs.wait_for(SOON, "what a new ticket takes", |mail| mail.text().contains("since the ticket is new")).await?;
    desk.receives("bob@desk.test", &bob("At last", "#assign me\r\n#resolve\r\n\r\nAll is well.\r\n", &refusal)?)
        .await?;
    let alice = desk.bed.mailbox("alice");
    alice.wait_for(SOON, "the answer", |mail| mail.text().contains("All is well.")).await?;
    ensure!(desk.ticket(1).await?["ticket"]["status"] == "resolved");

    // What cannot be sent takes its commands with it.
    desk.cli.ok(&["suppression", "add", "alice@desk.test", "--reason", "moved away"]).await?;
    desk.receives("bob@desk.test", &bob("Once more", "#reopen\r\n\r\nStill there?\r\n", &told)?).await?;
    bobs.wait_for(SOON, "the refusal", |mail| mail.text().contains("moved away")).await?;
    let ticket = desk.ticket(1).await?;
    ensure!(ticket["ticket"]["status"] == "resolved", "{ticket}");
    ensure!(kinds(&ticket).ends_with(&["note", "delivery_problem"]), "{ticket}");
    Ok(())
}

#[tokio::test]
async fn nobody_elses_lines_are_commands() -> Result<()> {
    let (desk, told) = with_notice().await?;
    let id = desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    let id = id.header("Message-ID").context("an id")?;
    let from = |who: &str, subject: &str, token: &str| {
        Letter::from(who).to("desk@desk.test").subject(subject).text("#close\r\n").in_reply_to(token)
    };
    desk.receives("alice@desk.test", &from("alice@desk.test", "From Alice", &id)).await?;
    ensure!(desk.judged("From Alice").await?["outcome"] == "comment");
    let token = told.header("Message-ID").context("an id")?;
    desk.receives("carol@desk.test", &from("carol@desk.test", "From Carol", &token)).await?;
    ensure!(desk.judged("From Carol").await?["outcome"] == "unverified_note");
    desk.receives("bob@desk.test", &from("bob@desk.test", "With her token", &id)).await?;
    ensure!(desk.judged("With her token").await?["outcome"] == "unverified_note");
    ensure!(desk.ticket(1).await?["ticket"]["status"] == "new");
    Ok(())
}
