//! A console on a desk, and what a person does on it again and again.

use anyhow::Result;
use maildesk_tests::daemon::{Daemon, binary};
use maildesk_tests::pty::Terminal;
use std::path::Path;
use std::process::Command;

/// The console of this daemon on a terminal of this size, with drafts in this folder.
pub(crate) fn console(daemon: &Daemon, drafts: &Path, arguments: &[&str], size: (u16, u16)) -> Result<Terminal> {
    let mut command = Command::new(binary("maildesk")?);
    command.arg("--socket").arg(daemon.socket()).args(arguments).env("XDG_STATE_HOME", drafts);
    Terminal::start(&command, size)
}

/// Empties the field that has the focus and fills it, and so the ones below.
pub(crate) fn fills(terminal: &mut Terminal, texts: &[&str]) -> Result<()> {
    for text in texts {
        terminal.types(&format!("\x15{text}\t"))?;
    }
    Ok(())
}
