//! Every way out gives the terminal back, and none leaves a process behind.

use anyhow::Result;
use maildesk_tests::daemon::binary;
use maildesk_tests::pty::{Terminal, hang_up};
use rustix::process::Signal;
use std::path::PathBuf;
use std::process::Command;

/// Where no daemon is.
const NO_SOCKET: &str = "/nonexistent/maildesk.sock";

/// A console without a daemon.
async fn alone() -> Result<Terminal> {
    let mut command = Command::new(binary("maildesk")?);
    command.args(["--socket", NO_SOCKET]).env("XDG_STATE_HOME", no_drafts());
    let terminal = Terminal::start(&command, (80, 24))?;
    is_there(&terminal).await?;
    Ok(terminal)
}

fn no_drafts() -> PathBuf {
    std::env::temp_dir().join("maildesk-no-drafts")
}

async fn is_there(terminal: &Terminal) -> Result<()> {
    terminal.shows("maildeskd cannot be reached").await?;
    terminal.shows("systemctl status maildeskd").await
}

#[tokio::test]
async fn control_c_twice_ends_it_even_without_a_daemon() -> Result<()> {
    let mut terminal = alone().await?;
    terminal.types("\x03")?;
    terminal.shows("again within 2 s").await?;
    terminal.types("\x03")?;
    assert!(terminal.ended().await?.success());
    terminal.is_given_back().await?;
    Ok(())
}

#[tokio::test]
async fn signals_end_it_with_the_terminal_given_back() -> Result<()> {
    for signal in [Signal::TERM, Signal::HUP] {
        let mut terminal = alone().await?;
        terminal.signal(signal)?;
        assert!(terminal.ended().await?.success());
        terminal.is_given_back().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_closed_terminal_ends_it() -> Result<()> {
    let terminal = alone().await?;
    hang_up(terminal).await?;
    Ok(())
}

#[tokio::test]
async fn suspending_where_no_shell_waits_comes_back() -> Result<()> {
    let mut terminal = alone().await?;
    terminal.types("\x1a?")?;
    terminal.shows("Help: Home").await?;
    leaves_help(&mut terminal).await?;
    terminal.types("q")?;
    assert!(terminal.ended().await?.success());
    terminal.is_given_back().await?;
    Ok(())
}

#[tokio::test]
async fn a_key_pressed_while_the_terminal_is_away_counts_when_it_is_back() -> Result<()> {
    let mut terminal = alone().await?;
    terminal.types("\x1a")?;
    terminal.is_given_back().await?;
    terminal.types("?")?;
    terminal.shows("Help: Home").await?;
    leaves_help(&mut terminal).await?;
    terminal.types("q")?;
    assert!(terminal.ended().await?.success());
    Ok(())
}

/// Nothing may follow the Escape before it was seen: the two would be one key with Alt.
async fn leaves_help(terminal: &mut Terminal) -> Result<()> {
    terminal.types("\x1b")?;
    terminal.until("help is closed", |screen| !screen.contains("Help: Home")).await
}

#[tokio::test]
async fn a_shell_with_jobs_has_the_terminal_between_suspending_and_fg() -> Result<()> {
    let mut shell = Command::new("bash");
    // Without readline the shell leaves the terminal as it found it, so that its modes can be looked at.
    shell.args(["--norc", "--noprofile", "--noediting", "-i"]);
    shell.env("PS1", "ready> ").env("HISTFILE", "/dev/null").env("XDG_STATE_HOME", no_drafts());
    let mut terminal = Terminal::start(&shell, (80, 24))?;
    terminal.shows("ready>").await?;
    let console = binary("maildesk")?;
    terminal.types(&format!("{} --socket {NO_SOCKET}\r", console.display()))?;
    for _ in 0..3 {
        is_there(&terminal).await?;
        assert!(!terminal.echoes()?, "keys would be typed into the picture");
        terminal.types("\x1a")?;
        terminal.shows("Stopped").await?;
        terminal.is_given_back().await?;
        assert!(terminal.echoes()?, "the shell would be blind");
        // The key behind fg is there before the console is.
        terminal.types("clear; fg\r?")?;
        terminal.shows("Help: Home").await?;
        leaves_help(&mut terminal).await?;
    }
    terminal.types("q")?;
    terminal.is_given_back().await?;
    terminal.types("echo left with $?\r")?;
    terminal.shows("left with 0").await?;
    assert!(terminal.echoes()?, "the shell would be blind");
    terminal.types("exit\r")?;
    assert!(terminal.ended().await?.success());
    Ok(())
}
