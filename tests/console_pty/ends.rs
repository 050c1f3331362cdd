//! Every way out gives the terminal back, and none leaves a process behind.

use anyhow::Result;
use maildesk_tests::daemon::binary;
use maildesk_tests::pty::{Terminal, hang_up};
use rustix::process::Signal;
use std::process::Command;

/// A console without a daemon.
async fn alone() -> Result<Terminal> {
    let mut command = Command::new(binary("maildesk")?);
    let home = std::env::temp_dir();
    command.args(["--socket", "/nonexistent/maildesk.sock"]).env("XDG_STATE_HOME", home.join("maildesk-no-drafts"));
    let terminal = Terminal::start(&command, (80, 24))?;
    terminal.shows("maildeskd cannot be reached").await?;
    terminal.shows("systemctl status maildeskd").await?;
    Ok(terminal)
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
    terminal.types("\x1b")?;
    terminal.until("help is closed", |screen| !screen.contains("Help: Home")).await?;
    terminal.types("q")?;
    assert!(terminal.ended().await?.success());
    terminal.is_given_back().await?;
    Ok(())
}
