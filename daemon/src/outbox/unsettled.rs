//! Verdicts on their way to the disk. Connections do not wait for them: they go on with the next mail meanwhile, and
//! many verdicts share one flush. What is on its way when the machine stops is sent once more under its old
//! Message-ID, hence the small numbers.

use super::judge::Verdict;
use super::sending::Mark;
use super::settle::write_verdict;
use super::worker::OutboxParts;
use crate::clock::jitter;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use maildesk_core::ids::OutboxId;
use std::time::Duration;
use tokio::sync::mpsc;

/// Verdicts written together at the most; as many may wait meanwhile.
const AT_ONCE: usize = 32;
/// How long a verdict waits for others while mail is being sent.
const LINGER: Duration = Duration::from_millis(10);

/// One mail's verdict, with the mark that keeps people's hands off it until it is settled.
pub(super) struct Unsettled {
    pub(super) mark: Mark,
    pub(super) id: OutboxId,
    pub(super) verdict: Verdict,
}

/// Where connections put verdicts. It closes when the store has failed.
pub(super) type Verdicts = mpsc::Sender<Unsettled>;

pub(super) fn channel() -> (Verdicts, mpsc::Receiver<Unsettled>) {
    mpsc::channel(AT_ONCE)
}

/// Settles what comes until all connections have ended; then all is durable.
pub(super) async fn settle_all(parts: &OutboxParts, mut verdicts: mpsc::Receiver<Unsettled>) -> Result<(), StoreError> {
    let mut batch = Vec::with_capacity(AT_ONCE);
    while let Some(first) = verdicts.recv().await {
        batch.push(first);
        let others = async {
            while batch.len() < AT_ONCE {
                match verdicts.recv().await {
                    Some(next) => batch.push(next),
                    None => break,
                }
            }
        };
        // Either way there is something to write.
        drop(tokio::time::timeout(LINGER, others).await);
        write(parts, std::mem::take(&mut batch)).await?;
    }
    Ok(())
}

async fn write(parts: &OutboxParts, batch: Vec<Unsettled>) -> Result<(), StoreError> {
    let (now, copy) = (parts.clock.now(), parts.copies.is_some());
    let (mut marks, mut jobs) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
    for Unsettled { mark, id, verdict } in batch {
        let jitter = jitter();
        marks.push(mark);
        jobs.push(move |tx: &mut Transaction<'_>| write_verdict(tx, id, verdict, copy, now, jitter));
    }
    let mut newest = None;
    for outcome in parts.store.write_all(jobs).await {
        newest = outcome?.max(newest);
    }
    if let Some(newest) = newest {
        parts.hub.publish(newest);
    }
    parts.wake_copies();
    drop(marks);
    Ok(())
}
