//! Resident memory of a daemon that polls an empty mailbox every second.

use crate::bed::Bed;
use crate::measure::{Usage, megabytes};
use crate::table::verdict;
use anyhow::Result;
use maildesk_tests::wait::until_moment;
use std::time::Duration;

/// Bytes that an idle daemon stays under.
const LIMIT: u64 = 25_000_000;
/// How long it is watched.
const WATCHED: Duration = Duration::from_secs(30);

pub async fn run() -> Result<()> {
    let bed = Bed::start(1).await?;
    let before = Usage::of(bed.pid()?)?;
    until_moment(WATCHED).await;
    let after = Usage::of(bed.pid()?)?;
    println!(
        "idle maildeskd: {} after its start, {} after {WATCHED:?} of polls every second, {} at its peak",
        megabytes(before.resident),
        megabytes(after.resident),
        megabytes(after.peak)
    );
    let processor = (after.processor - before.processor) / WATCHED.as_secs_f64();
    println!("processor: {:.2} % of one core", processor * 100.0);
    println!("under {}: {}", megabytes(LIMIT), verdict(after.resident < LIMIT));
    Ok(())
}
