//! Queued mails to smtp-sink through one sender, beside smtp-source to the same sink; and a long queue for a server
//! that is down.

use crate::bed::{Bed, CLOSED_PORT};
use crate::measure::{Usage, megabytes, rate};
use crate::queue::fill;
use crate::table::{Table, verdict};
use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use maildesk_tests::outside::Outside;
use maildesk_tests::process::run as run_tool;
use maildesk_tests::wait::{eventually, eventually_every, until_moment};
use std::process::Command;
use std::time::{Duration, Instant};

/// Connections of the peer; our sender opens as many by default.
const CONNECTIONS: usize = 4;
/// Of each mail.
const BYTES: usize = 4096;
/// Our rate to the peer's.
const WANTED: f64 = 0.4;
/// Between two questions whether all is sent: each is a process of its own beside what is measured.
const LOOK: Duration = Duration::from_millis(500);
/// How long a long queue is watched.
const WATCHED: Duration = Duration::from_secs(30);

pub async fn run(mails: usize) -> Result<()> {
    let mut bed = Bed::start(3600).await?;
    bed.daemon.terminate()?;
    fill(&bed.daemon.state_dir(), mails, BYTES).await?;
    bed.daemon.start_again().await?;
    let sink = Outside::start_discarding(&bed.scratch).await?;
    let before_peer = smtp_source(sink.port(), mails)?;
    let before = Usage::of(bed.pid()?)?;
    // New settings let the sender start at once.
    bed.cli.apply(&bed.settings(3600, sink.port())).await?;
    let all_sent = async || anyhow::Ok(bed.counts().await?["outbox_sent"] == mails);
    eventually_every(LOOK, Duration::from_secs(300), "all mails sent", all_sent).await?;
    let after = Usage::of(bed.pid()?)?;
    let time = sending_time(&bed, mails).await?;
    // The machine's moments differ: the peer runs before and after us.
    let peer = (before_peer + smtp_source(sink.port(), mails)?) / 2;

    println!("{mails} mails of {BYTES} bytes, {CONNECTIONS} connections, no encryption\n");
    let (ours, theirs) = (rate(mails, time), rate(mails, peer));
    let mut table = Table::default();
    table.row(&["".into(), "mails/s".into(), "maildeskd to it".into()]);
    table.row(&["smtp-source, one process".into(), format!("{theirs:.0}"), format!("{:.2}", ours / theirs)]);
    table.row(&["maildeskd: each sent and settled durably".into(), format!("{ours:.0}"), String::new()]);
    table.print();
    let processor = (after.processor - before.processor) * 1e3 / mails as f64;
    println!("\nmaildeskd: {processor:.3} ms processor a mail, memory {} at its peak", megabytes(after.peak));
    println!("at least {WANTED} of smtp-source: {}", verdict(ours / theirs >= WANTED));
    Ok(())
}

/// The memory of a daemon with a long queue for a server that is down.
pub async fn memory(mails: usize) -> Result<()> {
    let mut bed = Bed::start(1).await?;
    let empty = Usage::of(bed.pid()?)?;
    bed.daemon.terminate()?;
    fill(&bed.daemon.state_dir(), mails, BYTES).await?;
    bed.daemon.start_again().await?;
    let tried = async || {
        let status = bed.cli.json(&["status"]).await?;
        anyhow::Ok(status["data"]["senders"][0]["state"] == "faulty")
    };
    eventually(Duration::from_secs(60), "the sender to find its server down", tried).await?;
    let first = Usage::of(bed.pid()?)?;
    until_moment(WATCHED).await;
    let after = Usage::of(bed.pid()?)?;
    let counts = bed.counts().await?;
    ensure!(counts["outbox_due"] == mails, "{counts}");
    bed.cli.ok(&["outbox", "list"]).await?;
    let listed = Usage::of(bed.pid()?)?;

    println!("{mails} mails of {BYTES} bytes due, their server (port {CLOSED_PORT}) is down\n");
    let mut table = Table::default();
    table.row(&["maildeskd".into(), "resident".into(), "peak".into()]);
    for (when, usage) in [
        ("with an empty outbox", empty),
        ("after the first try", first),
        ("after 30 s of tries", after),
        ("after 'outbox list'", listed),
    ] {
        table.row(&[when.into(), megabytes(usage.resident), megabytes(usage.peak)]);
    }
    table.print();
    Ok(())
}

/// From the first settled mail to the last, by the daemon's own times.
async fn sending_time(bed: &Bed, mails: usize) -> Result<Duration> {
    let list = bed.cli.json(&["outbox", "list", "--all"]).await?;
    let rows = list["data"].as_array().context("a list of mails")?;
    ensure!(rows.len() == mails, "{} mails instead of {mails}", rows.len());
    let time = |row: &serde_json::Value| row["state_at"].as_str().and_then(|at| at.parse::<Timestamp>().ok());
    let times: Vec<Timestamp> = rows.iter().filter_map(time).collect();
    let (first, last) = (times.iter().min().context("a first")?, times.iter().max().context("a last")?);
    Ok(Duration::try_from(last.duration_since(*first))?)
}

fn smtp_source(port: u16, mails: usize) -> Result<Duration> {
    let start = Instant::now();
    let mut command = Command::new("smtp-source");
    // -d keeps its connections; -l counts the body alone.
    command.arg("-d").args(["-s", &CONNECTIONS.to_string(), "-m", &mails.to_string(), "-l", &BYTES.to_string()]);
    command.args(["-f", "desk@desk.test", "-t", "someone@world.test", &format!("127.0.0.1:{port}")]);
    run_tool(&mut command)?;
    Ok(start.elapsed())
}
