//! Unread mails over TLS become tickets with acknowledgements queued, beside a bare reader and mbsync.

use crate::bed::Bed;
use crate::measure::{Usage, megabytes, rate};
use crate::table::{Table, verdict};
use crate::{mbsync, reader};
use anyhow::Result;

/// Tickets per second that are wanted.
const WANTED_RATE: f64 = 1500.0;
/// Share of the bare reader's rate that the design aims at.
const WANTED_SHARE: f64 = 0.5;

pub async fn run(mails: usize, seed: u64) -> Result<()> {
    let bed = Bed::start(3600).await?;
    bed.seed(mails, seed).await?;
    let (mailbox, port) = (bed.dovecot.mailbox("desk"), bed.dovecot.imaps_port());
    // Once before and once after maildeskd: the machine's mood changes within a run.
    let first = reader::read_all(port, &bed.certificates).await?;
    mailbox.forget_flags().await?;
    let before = Usage::of(bed.pid()?)?;
    let time = bed.take_in(mails).await?;
    let after = Usage::of(bed.pid()?)?;
    mailbox.forget_flags().await?;
    let second = reader::read_all(port, &bed.certificates).await?;
    anyhow::ensure!(first.mails == mails && second.mails == mails, "the bare reader missed mails");
    mailbox.forget_flags().await?;
    let mbsync = mbsync::fetch_all(&bed.scratch, port, &bed.certificates, mails)?;

    let ours = rate(mails, time);
    let bare = rate(2 * mails, first.time + second.time);
    let processor = after.processor - before.processor;
    println!("{mails} unread mails of {} bytes over TLS, seed {seed}\n", first.bytes / mails);
    let mut table = Table::default();
    let mut row = |cells: [String; 3]| table.row(&cells);
    row(["".into(), "mails/s".into(), "maildeskd to it".into()]);
    row(["bare reader, before".into(), format!("{:.0}", rate(mails, first.time)), String::new()]);
    row(["bare reader, after".into(), format!("{:.0}", rate(mails, second.time)), String::new()]);
    row(["bare reader, both".into(), format!("{bare:.0}"), format!("{:.2}", ours / bare)]);
    match mbsync.map(|time| rate(mails, time)) {
        Some(rate) => row(["mbsync".into(), format!("{rate:.0}"), format!("{:.2}", ours / rate)]),
        None => row(["mbsync".into(), "not installed".into(), String::new()]),
    }
    row(["maildeskd: ticket and acknowledgement queued".into(), format!("{ours:.0}"), String::new()]);
    table.print();
    println!(
        "\nmaildeskd: {:.3} ms processor a mail, memory {} before, {} at its peak",
        processor * 1e3 / mails as f64,
        megabytes(before.resident),
        megabytes(after.peak)
    );
    println!("at least {WANTED_RATE:.0} mails/s: {}", verdict(ours >= WANTED_RATE));
    if let Some(time) = mbsync {
        println!("ahead of mbsync: {}", verdict(ours > rate(mails, time)));
    }
    println!("design goal, {WANTED_SHARE} of the bare reader: {}", verdict(ours / bare >= WANTED_SHARE));
    Ok(())
}
