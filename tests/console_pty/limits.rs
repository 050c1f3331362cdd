//! Where the console can do less: small and plain terminals, people who may only read or not even that, and a daemon
//! of another version.

use crate::desk::{Desk, console};
use anyhow::Result;
use maildesk_core::rpc::PREFACE;
use maildesk_tests::pty::Terminal;
use maildesk_tests::scratch::Scratch;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;

/// Codes of colours in an SGR sequence: the 16 names, and those by number.
fn is_colour(code: &str) -> bool {
    matches!(code.parse::<u16>(), Ok(30..=38 | 40..=48 | 90..=97 | 100..=107))
}

#[tokio::test]
async fn a_plain_terminal_gets_plain_signs_and_a_small_one_is_told_so() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).text().to_owned();
    let desk = Desk::open(bed, &settings).await?;
    let letter = Letter::from("Zoë <alice@desk.test>").to("desk@desk.test").subject("Größe 日本");
    desk.bed.post(&letter, "alice@desk.test", "desk@desk.test").await?;
    let mut command = Command::new(maildesk_tests::daemon::binary("maildesk")?);
    command.arg("--socket").arg(desk.daemon.socket()).arg("--ascii");
    command.env("NO_COLOR", "1").env("LC_ALL", "C").env("XDG_STATE_HOME", desk.bed.scratch.dir("drafts")?);
    let mut terminal = Terminal::start(&command, (80, 24))?;
    terminal.shows("[1 Home]").await?;
    terminal.types("4")?;
    terminal.shows("Gr??e").await?;
    terminal.types("\r")?;
    terminal.shows("Tickets > #1").await?;

    for (size, said) in [((20, 5), "too small: 20x5"), ((200, 60), "Tickets > #1"), ((60, 20), "Tickets > #1")] {
        terminal.resize(size)?;
        terminal.shows(said).await?;
    }
    let bytes = terminal.bytes();
    assert!(bytes.is_ascii(), "something else than ASCII was sent");
    let text = String::from_utf8(bytes)?;
    let styles = text.split("\x1b[").filter_map(|part| part.split_once('m')).map(|(codes, _)| codes);
    let styles: Vec<&str> = styles.filter(|codes| codes.bytes().all(|b| b.is_ascii_digit() || b == b';')).collect();
    assert!(styles.contains(&"7"), "nothing is ever reversed: {styles:?}");
    let coloured = styles.iter().find(|codes| codes.split(';').any(is_colour));
    assert_eq!(coloured, None);
    Ok(())
}

#[tokio::test]
async fn who_may_not_write_or_read_is_told_the_command_that_helps() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).text().to_owned();
    let mut desk = Desk::open(bed, &settings).await?;
    let bootstrap = std::fs::read_to_string(desk.daemon.config_file())?;
    // Groups that every Debian has, so that no account of this machine is touched.
    let access = "\n[access]\nread_group = \"mail\"\nwrite_group = \"operator\"\n";
    std::fs::write(desk.daemon.config_file(), bootstrap + access)?;
    desk.daemon.restart().await?;
    // Cargo's folder may be closed to others.
    let program = desk.bed.scratch.path().join("maildesk");
    std::fs::copy(maildesk_tests::daemon::binary("maildesk")?, &program)?;
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
    let start = |group: &str| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=nobody", &format!("--regid={group}"), "--clear-groups"]);
        command.arg(&program).arg("--socket").arg(desk.daemon.socket());
        command.env("XDG_STATE_HOME", "/nonexistent").env("USER", "nobody");
        Terminal::start(&command, (120, 30))
    };
    let mut reader = start("mail")?;
    reader.shows("READ ONLY nobody").await?;
    reader.types("p")?;
    reader.shows("you may only read: sudo usermod -aG operator nobody; then log in again").await?;
    reader.types("5")?;
    reader.shows("desk@desk.test").await?;
    reader.types("e\x13")?;
    reader.shows("you may only read").await?;
    let stranger = start("nogroup")?;
    stranger.shows("sudo usermod -aG").await?;
    assert!(!stranger.screen().contains("desk@desk.test"), "{}", stranger.screen());
    Ok(())
}

#[tokio::test]
async fn a_daemon_of_another_version_is_told_apart_and_waited_for() -> Result<()> {
    let scratch = Scratch::new()?;
    let socket = scratch.path().join("maildesk.sock");
    let listener = UnixListener::bind(&socket)?;
    let older = tokio::spawn(async move {
        let [magic @ .., ours] = PREFACE;
        loop {
            let Ok((mut console, _)) = listener.accept().await else { return };
            let mut theirs = [0; PREFACE.len()];
            if console.read_exact(&mut theirs).await.is_ok() {
                drop(console.write_all(&[&magic[..], &[ours - 1]].concat()).await);
            }
        }
    });
    let mut command = Command::new(maildesk_tests::daemon::binary("maildesk")?);
    command.arg("--socket").arg(&socket).env("XDG_STATE_HOME", scratch.dir("drafts")?);
    let mut terminal = Terminal::start(&command, (80, 24))?;
    terminal.shows("Console and daemon are of different versions").await?;
    terminal.shows("sudo systemctl restart maildeskd").await?;
    terminal.until("it is tried again", |screen| screen.contains("(try ") && !screen.contains("(try 1)")).await?;
    terminal.types("?")?;
    terminal.shows("Help: Home").await?;
    terminal.types("\x1b")?;
    terminal.until("help is closed", |screen| !screen.contains("Help: Home")).await?;
    terminal.types("q")?;
    assert!(terminal.ended().await?.success());
    older.abort();
    Ok(())
}

/// What is typed into a form is there again after the line dropped, but for the password.
#[tokio::test]
async fn a_dropped_line_loses_no_form() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).text().to_owned();
    let desk = Desk::open(bed, &settings).await?;
    let drafts = desk.bed.scratch.dir("drafts")?;
    let mut terminal = console(&desk.daemon, &drafts, &[], (100, 36))?;
    terminal.types("6")?;
    terminal.shows("desk@desk.test").await?;
    terminal.types("e")?;
    terminal.shows("Outbound › desk  EDIT").await?;
    // To the password, and on to the display name.
    terminal.types("\t\t\t\t\thunter2\t\t\tKept for later")?;
    terminal.shows("Kept for later").await?;
    maildesk_tests::pty::hang_up(terminal).await?;
    let mut terminal = console(&desk.daemon, &drafts, &[], (100, 36))?;
    terminal.types("6")?;
    terminal.shows("desk@desk.test").await?;
    terminal.types("e")?;
    terminal.shows("back from an earlier day: 1 change,").await?;
    terminal.shows("Kept for later").await?;
    for entry in std::fs::read_dir(drafts.join("maildesk"))?.flatten() {
        let kept = std::fs::read_to_string(entry.path()).unwrap_or_default();
        assert!(!kept.contains("hunter2"), "{}", entry.path().display());
    }
    Ok(())
}
