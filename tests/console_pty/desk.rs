//! A console on a desk, and what a person does on it again and again.

use anyhow::Result;
use maildesk_tests::cli::Cli;
use maildesk_tests::daemon::{Daemon, binary};
use maildesk_tests::mailbox::StoredMail;
use maildesk_tests::pty::Terminal;
use maildesk_tests::{Testbed, eventually};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// An editor that is never opened.
pub(crate) const EDITED: &str = "false";

const SOON: Duration = Duration::from_secs(60);

/// A desk that polls, and its servers.
pub(crate) struct Desk {
    pub(crate) daemon: Daemon,
    pub(crate) cli: Cli,
    pub(crate) bed: Testbed,
}

impl Desk {
    /// With these settings, after its first poll.
    pub(crate) async fn open(bed: Testbed, settings: &str) -> Result<Self> {
        let (daemon, cli) = bed.daemon_with(settings).await?;
        let desk = Self { daemon, cli, bed };
        eventually(SOON, "the mailbox is polled", async || {
            let status = desk.cli.json(&["status"]).await?;
            anyhow::Ok(status["data"]["mailboxes"][0]["state"] == "working")
        })
        .await?;
        Ok(desk)
    }

    /// Its console, with this editor.
    pub(crate) fn console(&self, editor: &str, size: (u16, u16)) -> Result<Terminal> {
        let mut command = command(&self.daemon, &self.bed.scratch.dir("drafts")?)?;
        command.env("EDITOR", editor).env("VISUAL", editor);
        Terminal::start(&command, size)
    }

    /// The mail about this that a user got, once it is there.
    pub(crate) async fn mail_to(&self, user: &str, subject: &str) -> Result<StoredMail> {
        let mailbox = self.bed.mailbox(user);
        eventually(SOON, &format!("a mail about {subject:?} to {user}"), || {
            let found = mailbox.mails().map(|mails| {
                mails.into_iter().find(|mail| mail.header("Subject").is_some_and(|line| line.contains(subject)))
            });
            async { found }
        })
        .await
    }
}

fn command(daemon: &Daemon, drafts: &Path) -> Result<Command> {
    let mut command = Command::new(binary("maildesk")?);
    command.arg("--socket").arg(daemon.socket()).env("XDG_STATE_HOME", drafts);
    Ok(command)
}

/// The console of this daemon on a terminal of this size, with drafts in this folder.
pub(crate) fn console(daemon: &Daemon, drafts: &Path, arguments: &[&str], size: (u16, u16)) -> Result<Terminal> {
    let mut command = command(daemon, drafts)?;
    command.args(arguments);
    Terminal::start(&command, size)
}

/// Empties the field that has the focus and fills it, and so the ones below.
pub(crate) fn fills(terminal: &mut Terminal, texts: &[&str]) -> Result<()> {
    for text in texts {
        terminal.types(&format!("\x15{text}\t"))?;
    }
    Ok(())
}
