//! The console over a store of very many tickets: from a key to the picture that shows what it did, and the bytes of it.

use crate::measure::{Usage, megabytes};
use crate::table::{Table, verdict};
use crate::tickets::fill;
use anyhow::{Context, Result};
use maildesk_tests::daemon::{Daemon, DaemonOptions, binary};
use maildesk_tests::pty::{Reaction, Terminal};
use maildesk_tests::scratch::Scratch;
use maildesk_tests::wait::until_moment;
use std::process::Command;
use std::time::{Duration, Instant};

/// From key to picture, for all but one key in a hundred.
const LIMIT: Duration = Duration::from_millis(30);
/// Between two keys: slower than pictures are let out, so that none waits for its turn.
const BETWEEN: Duration = Duration::from_millis(120);
const SIZE: (u16, u16) = (120, 40);

pub async fn run(tickets: usize) -> Result<()> {
    let scratch = Scratch::new()?;
    let options = DaemonOptions { start_limit: Duration::from_secs(120), ..DaemonOptions::default() };
    let mut daemon = Daemon::start(&scratch, options).await?;
    daemon.terminate()?;
    let began = Instant::now();
    fill(&daemon.state_dir(), tickets).await?;
    println!("{tickets} tickets of two entries made in {:.0} s", began.elapsed().as_secs_f64());
    daemon.start_again().await?;
    let pid = daemon.id().context("maildeskd runs")?;
    let before = Usage::of(pid)?;

    let mut command = Command::new(binary("maildesk")?);
    command.arg("--socket").arg(daemon.socket()).env("XDG_STATE_HOME", scratch.dir("drafts")?);
    let mut terminal = Terminal::start(&command, SIZE)?;
    terminal.shows("RW ").await?;
    // Nothing is set up: the first run is offered, and left.
    terminal.shows("First run").await?;
    terminal.types("\x1b")?;
    terminal.shows("[1 Home").await?;
    terminal.types("4")?;
    let newest = format!("Ticket {tickets} of ");
    terminal.shows(&newest).await?;

    let mut table = Table::default();
    table.row(&["".into(), "keys".into(), "median ms".into(), "p99 ms".into(), "most ms".into(), "bytes".into()]);
    let mut held = true;
    let mut row = |what: &str, reactions: &[Reaction], counts: bool| {
        let mut times: Vec<Duration> = reactions.iter().map(|one| one.time).collect();
        times.sort();
        let at = |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len() - 1)).copied();
        let millis = |time: Option<Duration>| format!("{:.1}", time.unwrap_or_default().as_secs_f64() * 1e3);
        let bytes = reactions.iter().map(|one| one.bytes).sum::<usize>() / reactions.len().max(1);
        held &= !counts || at(0.99).is_some_and(|time| time < LIMIT);
        table.row(&[
            what.into(),
            reactions.len().to_string(),
            millis(at(0.5)),
            millis(at(0.99)),
            millis(times.last().copied()),
            bytes.to_string(),
        ]);
    };

    row("a line down", &moves(&mut terminal, "j", 150).await?, true);
    row("a page down, more rows fetched on the way", &moves(&mut terminal, "\x1b[6~", 100).await?, true);
    row("a page up", &moves(&mut terminal, "\x1b[5~", 50).await?, true);
    let (mut ends, mut tops) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        ends.push(press(&mut terminal, "G", |screen| screen.contains("Ticket 1 of ")).await?);
        tops.push(press(&mut terminal, "g", |screen| screen.contains(&newest)).await?);
    }
    row("to the last of all", &ends, true);
    row("to the first of all", &tops, true);
    let mut opened = Vec::new();
    for _ in 0..30 {
        opened.push(press(&mut terminal, "\r", |screen| screen.contains("the page stays blank")).await?);
        press(&mut terminal, "\x1b", |screen| screen.contains("Tickets: all")).await?;
        moves(&mut terminal, "j", 1).await?;
    }
    row("a ticket opened, with its text", &opened, true);
    let mut statuses = Vec::new();
    for _ in 0..5 {
        for status in ["new", "open", "pending", "resolved", "closed", "all"] {
            let title = format!("Tickets: {status}");
            let shown = |screen: &str| screen.contains(&title) && screen.contains("Ticket ");
            statuses.push(press(&mut terminal, "s", shown).await?);
        }
    }
    row("only one status", &statuses, true);
    let mut found = Vec::new();
    for number in 0..10 {
        let word = format!("rare{number}");
        press(&mut terminal, "/", |screen| screen.contains("Search")).await?;
        terminal.types(&word)?;
        terminal.shows(&word).await?;
        until_moment(BETWEEN).await;
        let title = format!("/{word}");
        let shown = |screen: &str| screen.contains(&title) && screen.contains(&format!("about {word}"));
        found.push(press(&mut terminal, "\r", shown).await?);
        press(&mut terminal, "\x1b", |screen| screen.contains(&newest)).await?;
    }
    row("a word found that one ticket in 50,000 has", &found, false);
    table.print();
    let after = Usage::of(pid)?;
    println!(
        "\nmaildeskd: {} resident after its start, {} now, {} at its peak",
        megabytes(before.resident),
        megabytes(after.resident),
        megabytes(after.peak)
    );
    println!("p99 under {} ms, the search aside: {}", LIMIT.as_millis(), verdict(held));
    Ok(())
}

/// Presses a key so often; each time until another row has the cursor, or another row is first.
async fn moves(terminal: &mut Terminal, key: &str, times: usize) -> Result<Vec<Reaction>> {
    let mut reactions = Vec::new();
    for _ in 0..times {
        let before = selected(&terminal.screen());
        reactions.push(press(terminal, key, |screen| selected(screen) != before).await?);
    }
    Ok(reactions)
}

async fn press(terminal: &mut Terminal, key: &str, shown: impl Fn(&str) -> bool) -> Result<Reaction> {
    let reaction = terminal.reaction(key, shown).await?;
    until_moment(BETWEEN).await;
    Ok(reaction)
}

/// The row that has the cursor.
fn selected(screen: &str) -> Option<String> {
    screen.lines().find(|line| line.contains('▸')).map(str::to_owned)
}
