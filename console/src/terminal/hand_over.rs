//! What needs the terminal for a while: the editor, the pager, the shell behind Ctrl-Z.

use crate::app::message::Msg;
use crate::app::place::Place;
use crate::external;
use rustix::process::{Signal, kill_current_process_group};
use std::fs;
use std::io;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// If nothing stopped us by then, nothing will: there is no shell to go to.
const STOPPED_BY: Duration = Duration::from_millis(300);

/// The person's editor on a text; what they saved.
pub(super) async fn edit(from: Place, text: String, ending: &'static str) -> Msg {
    let file = std::env::temp_dir().join(format!("maildesk-{}{ending}", std::process::id()));
    let place = file.clone();
    let before = text.clone();
    let work = tokio::task::spawn_blocking(move || external::edit(&place, &before)).await;
    let result = match work {
        Ok(Ok(edited)) => Ok(edited.unwrap_or(text)),
        Ok(Err(failure)) => Err(failure.message()),
        Err(error) => Err(error.to_string()),
    };
    // The text is in the console now, and kept there.
    drop(fs::remove_file(&file));
    Msg::Edited { from, result }
}

/// The person's pager on a text.
pub(super) async fn page(text: String) -> io::Result<()> {
    tokio::task::spawn_blocking(move || external::page(&text))
        .await
        .unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// Stops until the shell brings us back.
pub(super) async fn suspend() -> io::Result<()> {
    let mut back = signal(SignalKind::from_raw(Signal::CONT.as_raw()))?;
    kill_current_process_group(Signal::TSTP)?;
    // Where nobody can bring us back (no shell has us as a job), the signal does nothing, and no other comes.
    drop(tokio::time::timeout(STOPPED_BY, back.recv()).await);
    Ok(())
}
