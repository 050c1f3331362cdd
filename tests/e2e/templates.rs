//! A template is changed, refused, tried, sent for a look, and given up again; mails are made by what counts.

use crate::desk::{Desk, SOON};
use anyhow::{Context, Result, ensure};
use maildesk_tests::Letter;
use std::fs;
use std::path::PathBuf;

const KIND: &str = "ticket_acknowledgement";
const OWN: &str = "Subject: [#$ticket.number] Got it\n--- html\n<p>Dear $contact.name,</p>\n<p>we got \
    <b>${ticket.subject | default: \"it\"}</b> on ${ticket.created | date: \"day\"}.</p>\n";

fn written(desk: &Desk, name: &str, text: &str) -> Result<PathBuf> {
    let file = desk.bed.scratch.path().join(name);
    fs::write(&file, text)?;
    Ok(file)
}

#[tokio::test]
async fn a_template_is_edited_tried_and_reset() -> Result<()> {
    let desk = Desk::open().await?;
    let broken = written(&desk, "broken.template", &OWN.replace("$contact.name", "$contact.nmae"))?;
    let broken = broken.to_str().context("a path")?;
    let refused = desk.cli.run(&["template", "edit", KIND, "--file", broken]).await?;
    ensure!(refused.code == 5 && refused.stderr.contains("line 3, column 9"), "{refused:?}");
    ensure!(refused.stderr.contains("did you mean `$contact.name`?"), "{refused:?}");
    let list = desk.ask(&["template", "list"]).await?;
    let row = list.as_array().and_then(|rows| rows.first()).context("a row")?;
    ensure!(row["saved"].is_null() && row["draft"]["revision"] == 0, "what is broken is kept as a draft: {row}");

    let good = written(&desk, "good.template", OWN)?;
    let good = good.to_str().context("a path")?;
    let saved = desk.cli.ok(&["template", "edit", KIND, "--file", good]).await?;
    ensure!(
        saved.contains("saved as revision 1") && saved.contains("! line 3, column 9: `$contact.name` may be empty"),
        "{saved}"
    );
    let letter = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("A & B").text("Hello\r\n");
    desk.receives("alice@desk.test", &letter).await?;
    let mail = desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    ensure!(mail.header("Subject").as_deref() == Some("[#1] Got it"), "{}", mail.text());
    ensure!(mail.text().contains("we got A & B on"), "the text part is made from the HTML: {}", mail.text());
    ensure!(mail.text().contains("<b>A &amp; B</b>"), "{}", mail.text());

    let shown = desk.cli.ok(&["template", "render", KIND, "--ticket", "1", "--part", "text"]).await?;
    ensure!(shown.contains("Dear Alice,"), "{shown}");
    let sent = desk.cli.ok(&["template", "render", KIND, "--language", "de", "--send-to", "bob@desk.test"]).await?;
    ensure!(sent.contains("Guten Tag Ada Lovelace,") && sent.contains("queued as mail"), "{sent}");
    desk.bed.mailbox("bob").wait_for(SOON, "the preview", |mail| mail.text().contains("Auto-Submitted")).await?;
    let diff = desk.cli.ok(&["template", "diff", KIND]).await?;
    ensure!(diff.contains("+ <p>Dear $contact.name,</p>") && diff.contains("- <!DOCTYPE html>"), "{diff}");

    let folder = desk.bed.scratch.path().join("exported");
    fs::create_dir(&folder)?;
    let place = folder.to_str().context("a path")?;
    ensure!(desk.cli.ok(&["template", "export", place]).await?.contains("1 templates"));
    ensure!(fs::read_to_string(folder.join(format!("{KIND}.en.template")))? == OWN);
    desk.cli.ok(&["template", "reset", KIND]).await?;
    ensure!(desk.cli.ok(&["template", "show", KIND]).await?.contains("we have received your message"));
    ensure!(desk.cli.ok(&["template", "import", place]).await?.contains("1 templates are saved"));
    desk.cli.ok(&["template", "revert", KIND, "2"]).await?;
    let history = desk.ask(&["template", "history", KIND]).await?;
    ensure!(history.as_array().is_some_and(|all| all.len() == 4 && all[2]["reset"] == true), "{history}");
    Ok(())
}

#[tokio::test]
async fn a_saved_template_counts_after_a_restart() -> Result<()> {
    let mut desk = Desk::open().await?;
    let good = written(&desk, "good.template", OWN)?;
    desk.cli.ok(&["template", "edit", KIND, "--file", good.to_str().context("a path")?]).await?;
    desk.daemon.restart().await?;
    let letter = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("x").text("Hello\r\n");
    desk.receives("alice@desk.test", &letter).await?;
    let mail = desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    ensure!(mail.header("Subject").as_deref() == Some("[#1] Got it"), "{}", mail.text());
    Ok(())
}
