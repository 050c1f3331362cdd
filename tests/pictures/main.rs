//! Pictures of the console for the README, from the real one: real servers, real daemon, keys typed on a terminal.
//!
//! `cargo build --workspace && cargo run -p maildesk-tests --bin pictures` writes `.pictures/NAME.txt` and `NAME.svg`;
//! frames of the README between three back-quotes and `console NAME` are written anew from them.

mod readme;
mod svg;

use anyhow::{Context, Result};
use maildesk_tests::daemon::binary;
use maildesk_tests::pty::Terminal;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

#[tokio::main]
async fn main() -> Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().context("a workspace")?.to_owned();
    let folder = root.join(".pictures");
    fs::create_dir_all(&folder)?;
    let bed = Testbed::start().await?;
    let empty = bed.daemon().await?;
    let drafts = bed.scratch.dir("drafts")?;
    let mut first = console(empty.socket(), &drafts, SMALL)?;
    first.shows("step 1 of 6").await?;
    first.types("Example Support\tdesk@desk.test\x1bOQ")?;
    first.shows("step 2 of 6").await?;
    keep(&folder, "first-run", &first)?;
    drop((first, empty));

    let (daemon, cli) = bed.daemon_with(desk_settings(&bed).text()).await?;
    for (from, subject, text) in [
        (
            "Alice Berger <alice@desk.test>",
            "The label printer prints blank pages",
            "It feeds the paper and prints nothing.",
        ),
        ("Olaf Lund <olaf@nordwind.example>", "Invoice 4711 came twice", "Which one counts?"),
        ("Kenji Itō <kenji@umbrella.example>", "見積もりのお願い", "Could you send us an offer?"),
    ] {
        let letter =
            Letter::from(from).to("desk@desk.test").subject(subject).text(&format!("Hello,\r\n\r\n{text}\r\n"));
        bed.post(&letter, "alice@desk.test", "desk@desk.test").await?;
    }
    let mut large = console(daemon.socket(), &drafts, LARGE)?;
    large.types("4")?;
    large.shows("Invoice 4711").await?;
    large.shows("label printer").await?;
    large.shows("見積").await?;
    cli.ok(&["ticket", "assign", "1", "root"]).await?;
    keep(&folder, "tickets", &large)?;
    let mut terminal = console(daemon.socket(), &drafts, SMALL)?;
    terminal.shows("● working").await?;
    // What happened before it was opened comes a moment later.
    terminal.shows("3 new tickets").await?;
    terminal.shows("3 sent").await?;
    keep(&folder, "home", &terminal)?;
    terminal.types("2")?;
    terminal.shows("label printer").await?;
    terminal.types("g/printer\rg")?;
    terminal.shows("parse").await?;
    keep(&folder, "live", &terminal)?;
    terminal.types("t")?;
    terminal.shows("prints nothing.").await?;
    terminal.types("r")?;
    terminal.shows("^S review").await?;
    terminal.types("Please clean the print head with the card from the box.")?;
    terminal.shows("from the box.").await?;
    keep(&folder, "answer", &terminal)?;
    terminal.types("\x1b6t")?;
    readme::renew(&root.join("README.md"), &folder)?;
    println!("written to {}", folder.display());
    Ok(())
}

fn console(socket: &Path, drafts: &Path, size: (u16, u16)) -> Result<Terminal> {
    let mut command = Command::new(binary("maildesk")?);
    command.arg("--socket").arg(socket).env("XDG_STATE_HOME", drafts);
    Terminal::start(&command, size)
}

/// The screen as text and as a picture.
fn keep(folder: &Path, name: &str, terminal: &Terminal) -> Result<()> {
    let screen = terminal.picture().context("a screen")?;
    let text: Vec<String> = screen.contents().lines().map(|line| line.trim_end().to_owned()).collect();
    fs::write(folder.join(format!("{name}.txt")), format!("{}\n", text.join("\n").trim_end()))?;
    fs::write(folder.join(format!("{name}.svg")), svg::draw(&screen))?;
    Ok(())
}
