//! What to type next.

use crate::paper::Paper;
use crate::place;
use anyhow::Result;
use maildesk_tests::daemon::binary;
use std::path::Path;

pub fn show(dir: &Path, socket: &Path, paper: &Paper) -> Result<()> {
    let programs = binary("maildesk")?;
    let programs = programs.parent().unwrap_or(&programs).to_owned();
    let option = place::option(dir);
    paper.heading("It goes on running. Type this first:");
    paper.long_advice(&format!("export MAILDESK_SOCKET={}", socket.display()));
    paper.long_advice(&format!("export PATH={}:$PATH", programs.display()));
    paper.heading("Then, for example:");
    let advice = |command: &str, what: &str| paper.advice(command, what);
    advice("maildesk status", "everything at one glance");
    advice("maildesk ticket list", "tickets; add --json for scripts");
    advice("maildesk ticket reply 1 --text 'On its way.'", "answer Alice by mail");
    advice(&format!("./tests/try --inbox alice{option}"), "see it arrive");
    advice(&format!("./tests/try --mail bob@desk.test 'Hello' 'Help!'{option}"), "write to the desk as Bob");
    advice("maildesk events --follow", "watch what happens, as it happens");
    advice("maildesk attachment save 1 1 printer.log -o .", "save what Alice attached");
    advice("maildesk settings export", "all settings as one document");
    advice(&format!("./tests/try --stop{option}"), "stop all of it and remove it");
    paper.empty_line();
    paper.remark(&format!("Files and logs: {}", dir.display()));
    Ok(())
}
