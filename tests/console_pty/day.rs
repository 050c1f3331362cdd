//! A ticket arrives while somebody looks, is answered, and the daemon is restarted underneath.

use anyhow::{Context, Result};
use maildesk_tests::pty::Terminal;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed, eventually};
use std::process::Command;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_ticket_arrives_is_answered_and_a_restart_is_survived() -> Result<()> {
    let bed = Testbed::start().await?;
    let (mut daemon, cli) =
        bed.daemon_with(&desk_settings(&bed).text().replace("undo_seconds = 0", "undo_seconds = 5")).await?;
    let drafts = bed.scratch.dir("drafts")?;
    let mut command = Command::new(cli.program());
    command.arg("--socket").arg(daemon.socket()).env("XDG_STATE_HOME", &drafts);
    let mut terminal = Terminal::start(&command, (100, 30))?;
    terminal.shows("● working").await?;
    terminal.types("2")?;
    terminal.shows("[2 Live]").await?;

    let letter = Letter::from("Alice <alice@desk.test>")
        .to("desk@desk.test")
        .subject("The printer is on fire \u{202e}")
        .text("Please help.\r\n\u{1b}]0;owned\u{7}\r\n");
    bed.post(&letter, "alice@desk.test", "desk@desk.test").await?;
    terminal.shows("The printer is on fire").await?;
    terminal.shows("#1").await?;

    terminal.types("t")?;
    terminal.shows("Please help.").await?;
    terminal.types("r")?;
    terminal.shows("Answer").await?;
    terminal.types("\x1b[200~Pull the plug.\x1b[201~")?;
    terminal.shows("Pull the plug.").await?;
    let plan = bed.scratch.path().join("plan.txt");
    std::fs::write(&plan, "turn left")?;
    terminal.types("\x1b[20~/no/such/plan\r")?;
    terminal.shows("there is no file /no/such/plan").await?;
    terminal.types(&format!("\x1b[20~{}\r", plan.display()))?;
    terminal.shows("[1] plan.txt 9 B").await?;
    terminal.types("\x13")?;
    terminal.shows("Send this answer to #1?").await?;
    terminal.types("y")?;
    terminal.shows("s, u takes it back").await?;
    terminal.types("u")?;
    terminal.shows("taken back").await?;
    terminal.types(" Please.\x13")?;
    terminal.shows("Send this answer to #1?").await?;
    terminal.types("y")?;
    terminal.shows("s, u takes it back").await?;
    let mailbox = bed.mailbox("alice");
    eventually(SOON, "the answer reaches Alice", || {
        let found =
            mailbox.mails().map(|mails| mails.iter().any(|mail| mail.text().contains("Pull the plug. Please.")));
        async { found }
    })
    .await?;
    let sent: Vec<_> = mailbox.mails()?.into_iter().filter(|mail| mail.text().contains("Pull the plug.")).collect();
    assert_eq!(sent.len(), 1, "what was taken back was sent");
    let files = sent[0].attachments()?;
    assert_eq!(files, [("plan.txt".to_owned(), b"turn left".to_vec())]);
    terminal.types("R")?;
    terminal.shows("Resolve #1?").await?;
    terminal.types("y")?;
    terminal.shows("#1 is resolved").await?;
    terminal.shows("status   resolved").await?;

    daemon.terminate()?;
    terminal.shows("NO CONNECTION").await?;
    terminal.shows("Pull the plug.").await.context("what was known stays")?;
    daemon.start_again().await?;
    terminal.shows("RW ").await?;
    terminal.until("the banner is gone", |screen| !screen.contains("NO CONNECTION")).await?;

    let bytes = terminal.bytes();
    assert!(!bytes.windows(9).any(|part| part == b"\x1b]0;owned"), "a mail spoke to the terminal");
    terminal.types("qqq")?;
    assert!(terminal.ended().await?.success());
    terminal.is_given_back().await?;
    Ok(())
}
