//! Many mails taken in, batch by batch, with several batches under way; what ends a connection ends it in good order.

use super::batch::{BatchParts, prepare_all, settle_all, submit_all};
use super::doubts::Doubts;
use super::fetching::{Batch, PlannedBatch, batches, fetch};
use super::poll::{PollError, Sorted, Taken};
use crate::imap::{ImapError, ImapSession, MailMeta};
use maildesk_core::diagnosis::FaultKind;
use maildesk_core::ids::Uid;
use std::collections::VecDeque;

/// Batches that the writer has before the oldest is waited for: one group on its way to the disk, one that runs, and
/// one that reads ahead.
const BATCHES_SUBMITTED: usize = 6;

/// Takes mails in, several batches under way: one is fetched, one parsed, one handed to the writer, and some more are
/// with the writer, so that it has work whichever of the other steps is slow for once.
///
/// # Errors
/// What had come before is taken in all the same; what did not come is in doubt.
pub(super) async fn take_all(
    parts: &BatchParts,
    session: &mut ImapSession,
    metas: Vec<MailMeta>,
    taken: &mut Taken,
    doubts: &mut Doubts,
) -> Result<(), PollError> {
    let Sorted { done_before, new } = parts.sort_out(metas)?;
    if !done_before.is_empty() {
        session.mark_seen(&done_before).await?;
    }
    let mut planned = batches(new, parts.largest()).into_iter();
    let (mut fetched, mut prepared, mut submitted, mut committed) = (None, None, VecDeque::new(), Vec::new());
    // Why no more is fetched.
    let mut ended: Option<PollError> = None;
    let mut refused_before = false;
    loop {
        let next = if ended.is_none() { planned.next() } else { None };
        let nothing_comes = next.is_none() && fetched.is_none() && prepared.is_none();
        if nothing_comes && submitted.is_empty() && committed.is_empty() {
            return ended.map_or(Ok(()), Err);
        }
        let waits = submitted.len() >= BATCHES_SUBMITTED || nothing_comes;
        let oldest = if waits { submitted.pop_front() } else { None };
        // Each batch takes one step. All run on this task to their ends, so that a fault of one tears no other apart.
        // What was committed and could not be flagged is flagged at the next poll.
        let steps = tokio::join!(
            flag_and_fetch(session, std::mem::take(&mut committed), next),
            each(fetched.take(), |batch| prepare_all(parts, batch)),
            each(prepared.take(), |prepared| submit_all(parts, prepared)),
            each(oldest, |submitted| settle_all(parts, submitted)),
        );
        let (unflagged, batch) = steps.0;
        (fetched, prepared) = (batch, steps.1?);
        submitted.extend(steps.2?);
        if let Some(settled) = steps.3? {
            taken.judged += settled.judged;
            committed = settled.seen;
        }
        if let Some(error) = unflagged {
            ended = ended.or(Some(error.into()));
        }
        if let Some(batch) = &mut fetched {
            if !batch.mails.is_empty() {
                doubts.others_came();
            }
            doubts.suspect(batch.missing());
            taken.withhold(batch.withheld.take());
            if let Some(error) = batch.ended.take() {
                // A refusal is of these mails, until it is of the next, too.
                let of_all = !session.is_usable() || refused_before || error.kind() == &FaultKind::Throttled;
                refused_before = true;
                match of_all {
                    true => ended = ended.or(Some(error.into())),
                    false => taken.withhold(batch.refused_whole(error)),
                }
            } else if !batch.mails.is_empty() {
                refused_before = false;
            }
        }
        if let Some(prepared) = &mut prepared {
            doubts.suspect(prepared.unscanned.drain(..));
            taken.withhold(prepared.withheld.take());
            if let Some(error) = prepared.scanner_away.take() {
                // Nor would it do the mails that have come meanwhile.
                fetched = None;
                ended = ended.or(Some(error.into()));
            }
        }
    }
}

/// Runs a step on what has come so far, if anything has.
async fn each<T, U, Done: Future<Output = Result<U, PollError>>>(
    what: Option<T>,
    step: impl FnOnce(T) -> Done,
) -> Result<Option<U>, PollError> {
    match what {
        Some(what) => step(what).await.map(Some),
        None => Ok(None),
    }
}

/// What the session does in one step; a connection that has ended flags nothing more.
async fn flag_and_fetch(
    session: &mut ImapSession,
    committed: Vec<Uid>,
    planned: Option<PlannedBatch>,
) -> (Option<ImapError>, Option<Batch>) {
    if !committed.is_empty()
        && session.is_usable()
        && let Err(error) = session.mark_seen(&committed).await
    {
        return (Some(error), None);
    }
    match planned {
        Some(planned) => (None, Some(fetch(session, planned).await)),
        None => (None, None),
    }
}
