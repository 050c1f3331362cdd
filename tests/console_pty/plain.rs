//! The console line by line: a desk set up by prompts, a ticket read and answered, nothing drawn over.

use crate::desk::{Desk, console};
use anyhow::Result;
use maildesk_tests::dovecot::ALL_MODES;
use maildesk_tests::pty::Terminal;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, PASSWORD, Testbed, eventually};
use std::time::Duration;

const SIZE: (u16, u16) = (100, 50);

/// Answers questions, each once it stands on the screen as the last line.
async fn answers(terminal: &mut Terminal, talk: &[(&str, &str)]) -> Result<()> {
    for (question, answer) in talk {
        terminal
            .until(&format!("the question {question:?}"), |screen| {
                screen.trim_end().lines().next_back().is_some_and(|line| line.trim_start().starts_with(question))
            })
            .await?;
        terminal.types(&format!("{answer}\r"))?;
    }
    Ok(())
}

#[tokio::test]
async fn a_ticket_is_read_and_answered_line_by_line() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).text().to_owned();
    let desk = Desk::open(bed, &settings).await?;
    let letter = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("Blank pages \u{1b}[2J");
    desk.bed.post(&letter, "alice@desk.test", "desk@desk.test").await?;
    desk.mail_to("alice", "Blank pages").await?;
    let mut terminal = console(&desk.daemon, &desk.bed.scratch.dir("drafts")?, &["--plain"], SIZE)?;
    answers(&mut terminal, &[("What next", "2"), ("Which tickets", "1"), ("Words to look for", "blank")]).await?;
    terminal.shows("$ maildesk ticket list --find blank").await?;
    answers(&mut terminal, &[("Number of a ticket", "1"), ("What to do with #1", "1")]).await?;
    terminal.shows("A line with only a dot ends it").await?;
    terminal.types("- Please shake the cartridge.\r.\r")?;
    answers(&mut terminal, &[("Send this answer to #1?", "y")]).await?;
    let got = desk.mail_to("alice", "Re: ").await?;
    assert!(got.text().contains("- Please shake the cartridge."), "{}", got.text());
    answers(&mut terminal, &[("What to do with #1", "0"), ("Number of a ticket", ""), ("What next", "token list")])
        .await?;
    terminal.shows("$ maildesk token list").await?;
    answers(&mut terminal, &[("What next", "8")]).await?;
    assert!(terminal.ended().await?.success());
    let bytes = terminal.bytes();
    assert!(!bytes.contains(&0x1b), "something was drawn");
    Ok(())
}

#[tokio::test]
async fn who_leaves_at_a_password_sees_afterwards_what_is_typed() -> Result<()> {
    let bed = Testbed::start().await?;
    let daemon = bed.daemon().await?;
    let mut terminal = console(&daemon, &bed.scratch.dir("drafts")?, &["--plain", "setup"], SIZE)?;
    let imap = bed.dovecot.imaps_port().to_string();
    let desk = [("Desk [", ""), ("Address [", "desk@desk.test"), ("Shown as", ""), ("Language", ""), ("Time zone", "")];
    answers(&mut terminal, &desk).await?;
    let server = [("Host [imap.desk.test]", ALL_MODES), ("Port [993]", &imap), ("Security", ""), ("User name", "")];
    answers(&mut terminal, &server).await?;
    answers(&mut terminal, &[("Password is (", "")]).await?;
    terminal.shows("Password [unchanged]").await?;
    let hidden = || async { terminal.echoes().map(|echoes| !echoes) };
    eventually(Duration::from_secs(10), "what is typed is hidden", hidden).await?;
    terminal.types("\u{3}")?;
    terminal.ended().await?;
    assert!(terminal.echoes()?, "the shell would be blind");
    Ok(())
}

#[tokio::test]
async fn a_desk_is_set_up_by_prompts() -> Result<()> {
    let bed = Testbed::start().await?;
    let daemon = bed.daemon().await?;
    let drafts = bed.scratch.dir("drafts")?;
    let mut terminal = console(&daemon, &drafts, &["--plain", "setup"], SIZE)?;
    let (imap, smtp) = (bed.dovecot.imaps_port().to_string(), bed.postfix.smtps_port().to_string());
    let desk = [
        ("Desk [", ""),
        ("Address [", "nonsense"),
        ("Address [nonsense]", "desk@desk.test"),
        ("Shown as", ""),
        ("Language", ""),
    ];
    answers(&mut terminal, &desk).await?;
    answers(&mut terminal, &[("Time zone", ""), ("Host [imap.desk.test]", ALL_MODES), ("Port [993]", &imap)]).await?;
    let login = [
        ("Security", ""),
        ("User name", ""),
        ("Password is (", ""),
        ("Password [unchanged]", PASSWORD),
        ("Mechanism", ""),
    ];
    answers(&mut terminal, &login).await?;
    answers(&mut terminal, &[("Folder", ""), ("CA file", ""), ("Certificate", "")]).await?;
    answers(&mut terminal, &[("Take (", "unread"), ("Go on with that?", "y")]).await?;
    answers(&mut terminal, &[("Same login", ""), ("Host [smtp.desk.test]", ALL_MODES), ("Port [587]", &smtp)]).await?;
    answers(&mut terminal, &[("Security", "tls"), ("EHLO name", ""), ("CA file", ""), ("Certificate", "")]).await?;
    answers(&mut terminal, &[("Send a test mail to", ""), ("Save this?", "y")]).await?;
    terminal.shows("Write a mail to desk@desk.test now").await?;
    let letter = Letter::from("alice@desk.test").to("desk@desk.test").subject("The first");
    bed.post(&letter, "alice@desk.test", "desk@desk.test").await?;
    terminal.shows("Ticket #1 from alice@desk.test: The first.").await?;
    assert!(terminal.ended().await?.success());
    assert!(!String::from_utf8_lossy(&terminal.bytes()).contains(&format!("[unchanged]: {PASSWORD}")), "it was shown");
    Ok(())
}
