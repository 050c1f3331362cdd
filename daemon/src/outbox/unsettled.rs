//! Verdicts on their way to the disk. Connections do not wait for them: they go on with the next mail meanwhile, and
//! many verdicts share one flush. What is on its way when the machine stops is sent once more under its old
//! Message-ID, hence the small numbers.

use super::broken;
use super::judge::Verdict;
use super::sending::Mark;
use super::settle::write_verdict;
use super::worker::OutboxParts;
use crate::clock::jitter;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use maildesk_core::ids::OutboxId;
use maildesk_core::settings::Sender;
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
///
/// # Errors
/// The store takes nothing. A mail whose record cannot be read is given up, and keeps no other verdict back: mails
/// that were accepted would be sent once more.
pub(super) async fn settle_all(
    parts: &OutboxParts,
    sender: &Sender,
    mut verdicts: mpsc::Receiver<Unsettled>,
) -> Result<(), StoreError> {
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
        write(parts, sender, std::mem::take(&mut batch)).await?;
    }
    Ok(())
}

async fn write(parts: &OutboxParts, sender: &Sender, batch: Vec<Unsettled>) -> Result<(), StoreError> {
    let (now, copy) = (parts.clock.now(), parts.copies.is_some());
    let (mut marks, mut jobs) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
    for Unsettled { mark, id, verdict } in batch {
        let jitter = jitter();
        marks.push((id, mark));
        jobs.push(move |tx: &mut Transaction<'_>| write_verdict(tx, id, verdict, copy, now, jitter));
    }
    let (mut newest, mut broken, mut failed) = (None, Vec::new(), None);
    for ((id, _), outcome) in marks.iter().zip(parts.store.write_all(jobs).await) {
        match outcome {
            Ok(event) => newest = event.max(newest),
            Err(error) if error.is_damage() => broken.push((*id, error.to_string())),
            Err(error) => failed = Some(error),
        }
    }
    if let Some(newest) = newest {
        parts.hub.publish(newest);
    }
    parts.wake_copies();
    broken::end_all(parts, sender, broken).await?;
    drop(marks);
    failed.map_or(Ok(()), Err)
}
