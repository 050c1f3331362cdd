//! Queued acknowledgements to smtp-sink through one sender, beside smtp-source to the same sink.

use crate::bed::Bed;
use crate::measure::{Usage, megabytes, rate};
use crate::table::Table;
use anyhow::{Context, Result};
use jiff::Timestamp;
use maildesk_tests::outside::Outside;
use maildesk_tests::process::run as run_tool;
use maildesk_tests::wait::eventually;
use std::process::Command;
use std::time::{Duration, Instant};

/// Connections of the peer; our sender opens as many by default.
const CONNECTIONS: usize = 4;

pub async fn run(mails: usize, seed: u64) -> Result<()> {
    let bed = Bed::start(3600).await?;
    bed.seed(mails, seed).await?;
    bed.take_in(mails).await?;
    let sink = Outside::start_discarding(&bed.scratch).await?;
    let before = Usage::of(bed.pid()?)?;
    // New settings let the sender start at once.
    bed.cli.apply(&bed.settings(3600, sink.port())).await?;
    let all_sent = async || anyhow::Ok(bed.counts().await?["outbox_sent"] == mails);
    eventually(Duration::from_secs(300), "all acknowledgements sent", all_sent).await?;
    let after = Usage::of(bed.pid()?)?;
    let (time, bytes) = sending_time(&bed, mails).await?;
    let peer = smtp_source(sink.port(), mails, bytes / mails as u64)?;

    println!(
        "{mails} acknowledgements of {} bytes, {CONNECTIONS} connections, no encryption, seed {seed}\n",
        bytes / mails as u64
    );
    let (ours, theirs) = (rate(mails, time), rate(mails, peer));
    let mut table = Table::default();
    table.row(&["".into(), "mails/s".into(), "maildeskd to it".into()]);
    table.row(&["smtp-source, one process".into(), format!("{theirs:.0}"), format!("{:.2}", ours / theirs)]);
    table.row(&["maildeskd: each sent and settled durably".into(), format!("{ours:.0}"), String::new()]);
    table.print();
    let processor = (after.processor - before.processor) * 1e3 / mails as f64;
    println!("\nmaildeskd: {processor:.3} ms processor a mail, memory {} at its peak", megabytes(after.peak));
    Ok(())
}

/// From the first settled mail to the last, by the daemon's own times, and the bytes of all mails.
async fn sending_time(bed: &Bed, mails: usize) -> Result<(Duration, u64)> {
    let list = bed.cli.json(&["outbox", "list", "--all"]).await?;
    let rows = list["data"].as_array().context("a list of mails")?;
    anyhow::ensure!(rows.len() == mails, "{} mails instead of {mails}", rows.len());
    let time = |row: &serde_json::Value| row["state_at"].as_str().and_then(|at| at.parse::<Timestamp>().ok());
    let times: Vec<Timestamp> = rows.iter().filter_map(time).collect();
    let (first, last) = (times.iter().min().context("a first")?, times.iter().max().context("a last")?);
    let bytes = rows.iter().filter_map(|row| row["size"].as_u64()).sum();
    Ok((Duration::try_from(last.duration_since(*first))?, bytes))
}

fn smtp_source(port: u16, mails: usize, bytes: u64) -> Result<Duration> {
    let start = Instant::now();
    let mut command = Command::new("smtp-source");
    // -d keeps its connections.
    command.arg("-d").args(["-s", &CONNECTIONS.to_string(), "-m", &mails.to_string(), "-l", &bytes.to_string()]);
    command.args(["-f", "desk@desk.test", "-t", "someone@world.test", &format!("127.0.0.1:{port}")]);
    run_tool(&mut command)?;
    Ok(start.elapsed())
}
