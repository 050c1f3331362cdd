//! A person writes a filter and mends a template in the console, each with an editor of their own.

use crate::desk::Desk;
use anyhow::Result;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed};

fn report(subject: &str) -> Letter {
    Letter::from("Robot <alice@desk.test>").to("desk@desk.test").subject(subject)
}

#[tokio::test]
async fn a_filter_begun_from_a_mail_is_tried_saved_and_seen_at_work() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).text().to_owned();
    let desk = Desk::open(bed, &settings).await?;
    let mut terminal = desk.console("sed -i s/sorted/weekly/", (120, 40))?;
    terminal.types("2")?;
    desk.bed.post(&report("Report 1"), "alice@desk.test", "desk@desk.test").await?;
    terminal.shows("Report 1").await?;
    // From the newest event up to the mail itself.
    terminal.types("g")?;
    terminal.types("/Report\r")?;
    terminal
        .until("only mails are shown", |screen| screen.contains("Report 1") && !screen.contains("settings"))
        .await?;
    terminal.types("gf")?;
    terminal.shows("[7 Filters]").await?;
    terminal.shows("from-mail-1").await?;
    terminal.shows("unsaved draft").await?;
    terminal.types("t")?;
    terminal.shows("judged anew").await?;
    terminal.types("\x13")?;
    terminal.shows("Save the rules?").await?;
    terminal.types("y")?;
    terminal.shows("saved: ").await?;

    desk.bed.post(&report("Report 2"), "alice@desk.test", "desk@desk.test").await?;
    terminal
        .until("the rule has matched", |screen| {
            screen.lines().any(|line| line.contains("from-mail-1") && line.contains(" 1  "))
        })
        .await?;
    terminal.types("4")?;
    terminal.shows("Report 2").await?;
    terminal.types("g\r")?;
    terminal.shows("Tickets › #2").await?;
    terminal.shows("weekly").await?;
    Ok(())
}

/// Breaks the template when it is whole, and mends it when it is broken.
const EDITOR: &str = "#!/bin/sh
if grep -q nosuch \"$1\"; then sed -i 's/[$]nosuch/ticket $ticket.number/' \"$1\"
else sed -i 's/--- html/--- html\\n<p>We opened $nosuch for you.<\\/p>/' \"$1\"; fi
";

#[tokio::test]
async fn a_broken_template_is_refused_mended_previewed_and_saved() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).text().to_owned();
    let desk = Desk::open(bed, &settings).await?;
    let script = desk.daemon.socket().with_file_name("editor");
    std::fs::write(&script, EDITOR)?;
    let mut terminal = desk.console(&format!("sh {}", script.display()), (120, 40))?;
    terminal.types("8")?;
    terminal.shows("ticket_acknowledgement").await?;
    terminal.types("\r")?;
    terminal.shows("Templates › ticket_acknowledgement (en)").await?;
    terminal.shows("--- html").await?;
    terminal.types("e")?;
    terminal.shows("unknown variable `$nosuch`").await?;
    terminal.shows("1 error").await?;
    terminal.types("\x13")?;
    terminal.until("it is not saved", |screen| !screen.contains("y save it")).await?;
    terminal.types("e")?;
    terminal.shows("We opened ticket").await?;
    terminal.shows("We opened ticket 1042 for you.").await?;
    terminal.types("\x13")?;
    terminal.shows("Save ticket_acknowledgement (en)?").await?;
    terminal.types("y")?;
    terminal
        .until("it is saved", |screen| !screen.contains("Save ticket_acknowledgement") && !screen.contains("draft"))
        .await?;

    desk.bed.post(&report("Hello"), "alice@desk.test", "desk@desk.test").await?;
    let sent = desk.mail_to("alice", "Hello").await?;
    assert!(sent.text().contains("We opened ticket 1 for you."), "{}", sent.text());
    Ok(())
}
