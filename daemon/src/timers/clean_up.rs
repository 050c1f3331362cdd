//! Removes what need not be kept any longer: old verdicts, raw mails that were dropped, blocks and suppressions whose
//! time is over. In small commits, so that mail that comes in never waits for it; broken off anywhere, the next one
//! goes on.

use crate::blob::{BlobError, BlobFiles};
use crate::clock::Clock;
use crate::events::{EventHub, announce};
use crate::outbox::forget_expired;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{Store, blobs, blocks, clean_ups, mails};
use jiff::Timestamp;
use maildesk_core::directory::Blocked;
use maildesk_core::event::{DomainEvent, Removed};
use maildesk_core::ids::MailId;
use maildesk_core::route::{Expired, JudgedMail, Outcome, TraceStep, Trust, expired, judged_until, trust};
use maildesk_core::rpc::CleanUpStatus;
use maildesk_core::settings::Retention;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How often it looks: every hour, which is what the run time is counted in.
const EVERY: Duration = Duration::from_secs(3600);
/// Mails changed in one commit: the bytes of each may be many small values of the store.
const AT_ONCE: usize = 25;
/// Lines of the block list looked at in one commit.
const BLOCKS_AT_ONCE: usize = 500;

/// The worker; without input, so that a restart is the same as going on.
#[derive(Clone)]
pub struct CleanUp {
    pub store: Store,
    pub files: BlobFiles,
    pub hub: EventHub,
    pub clock: Clock,
    pub retention: Retention,
    pub board: Arc<watch::Sender<Option<CleanUpStatus>>>,
}

impl CleanUp {
    /// Cleans up now and again until stopped.
    pub async fn run(self, stop: CancellationToken) {
        // Run time since the look before.
        let mut ran_hours = 0;
        loop {
            let at = self.clock.now();
            match self.look(at, ran_hours, &stop).await {
                Ok(Looked::Doubted { ahead_days, hours_left }) => {
                    tracing::warn!(
                        ahead_days,
                        hours_left,
                        "the clock is far ahead of the last clean-up: nothing is removed yet"
                    );
                    let doubted_days = Some(ahead_days);
                    self.board.send_replace(Some(CleanUpStatus { at, removed: Removed::default(), doubted_days }));
                }
                Ok(Looked::Removed(removed)) => {
                    if removed != Removed::default() {
                        tracing::info!(removed = removed.sentence(), "cleaned up");
                        announce(&self.store, &self.hub, at, DomainEvent::CleanedUp { removed }).await;
                    }
                    self.board.send_replace(Some(CleanUpStatus { at, removed, doubted_days: None }));
                }
                Err(error) => tracing::warn!(%error, "what has expired could not all be removed"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => ran_hours = 1,
            }
        }
    }

    /// Cleans up unless the clock is doubted; what is remembered for the next look is durable.
    ///
    /// # Errors
    /// As [`clean_up`].
    pub(super) async fn look(
        &self,
        now: Timestamp,
        ran_hours: u32,
        stop: &CancellationToken,
    ) -> Result<Looked, BlobError> {
        let trusted = trust(clean_ups::note(&self.store)?, now, ran_hours);
        // Before the work: a clean-up that fails says nothing against the clock.
        let (Trust::CleanUp(note) | Trust::Wait { note, .. }) = trusted;
        self.store.write(move |tx: &mut Transaction<'_>| clean_ups::put(tx, note)).await?;
        Ok(match trusted {
            Trust::Wait { ahead_days, hours_left, .. } => Looked::Doubted { ahead_days, hours_left },
            Trust::CleanUp(_) => Looked::Removed(clean_up(&self.store, &self.files, &self.retention, now, stop).await?),
        })
    }
}

/// What one look came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Looked {
    Removed(Removed),
    Doubted { ahead_days: u32, hours_left: u32 },
}

/// Removes what has expired by `now`.
///
/// # Errors
/// The store or the folder of large blobs fails; what was removed before stays removed.
pub(super) async fn clean_up(
    store: &Store,
    files: &BlobFiles,
    retention: &Retention,
    now: Timestamp,
    stop: &CancellationToken,
) -> Result<Removed, BlobError> {
    let mut removed = Removed::default();
    for (list, days) in [
        (List::Dropped, retention.raw_mail_days),
        (List::Quarantine, retention.quarantine_days),
        (List::All, retention.verdict_days),
    ] {
        let Some(until) = judged_until(days, now) else { continue };
        let mut after = None;
        while !stop.is_cancelled() {
            let looked = list.window(store, after)?;
            let last = looked.last().map(|mail| (mail.id, mail.at));
            let goes = |mail: &JudgedMail| expired(mail, retention, now) != Expired::Nothing;
            let ids: Vec<MailId> = looked.iter().filter(|mail| goes(mail)).map(|mail| mail.id).collect();
            if !ids.is_empty() {
                let retention = *retention;
                let job = move |tx: &mut Transaction<'_>| remove_all(tx, &ids, &retention, now);
                removed = sum(removed, store.write(job).await?);
            }
            match last {
                Some((id, at)) if looked.len() == AT_ONCE && at <= until => after = Some(id),
                _ => break,
            }
        }
    }
    removed.blocks = forget_blocks(store, now).await?;
    removed.suppressions = forget_expired(store, now).await?;
    sweep(store, files).await?;
    Ok(removed)
}

/// Mails that are looked through, oldest first.
#[derive(Clone, Copy)]
enum List {
    Dropped,
    Quarantine,
    All,
}

impl List {
    fn window(self, store: &Store, after: Option<MailId>) -> Result<Vec<JudgedMail>, StoreError> {
        match self {
            Self::Dropped => mails::oldest_alone(store, after, AT_ONCE),
            Self::Quarantine => mails::oldest_quarantined(store, after, AT_ONCE),
            Self::All => mails::oldest(store, after, AT_ONCE),
        }
    }
}

/// Looked at again within the commit: a person may have decided meanwhile.
fn remove_all(
    tx: &mut Transaction<'_>,
    ids: &[MailId],
    retention: &Retention,
    now: Timestamp,
) -> Result<Removed, StoreError> {
    let mut removed = Removed::default();
    for id in ids {
        let Some(mut mail) = mails::get(tx, *id)? else { continue };
        let what = expired(&mail, retention, now);
        if what == Expired::Nothing {
            continue;
        }
        // The raw mail of a ticket belongs to its entry.
        if let Some(hash) = mail.raw.filter(|_| mail.outcome.ticket().is_none()) {
            removed.bytes += blobs::give_up(tx, &hash)?;
            removed.raw_mails += 1;
        }
        if what == Expired::Verdict {
            removed.verdicts += 1;
            removed.quarantined += u64::from(matches!(mail.outcome, Outcome::Quarantined { .. }));
            mails::delete(tx, &mail)?;
        } else {
            mail.raw = None;
            let said = format!("the raw mail was removed after {} days", retention.raw_mail_days);
            mail.trace.push(TraceStep { step: "clean-up".into(), said });
            mails::put(tx, &mail)?;
        }
    }
    Ok(removed)
}

fn sum(one: Removed, other: Removed) -> Removed {
    Removed {
        verdicts: one.verdicts + other.verdicts,
        quarantined: one.quarantined + other.quarantined,
        raw_mails: one.raw_mails + other.raw_mails,
        bytes: one.bytes + other.bytes,
        blocks: one.blocks + other.blocks,
        suppressions: one.suppressions + other.suppressions,
    }
}

/// Takes lines off the block list whose time is over.
async fn forget_blocks(store: &Store, now: Timestamp) -> Result<u64, StoreError> {
    let (mut after, mut removed): (Option<Blocked>, u64) = (None, 0);
    loop {
        let window = blocks::list(store, after.as_ref(), BLOCKS_AT_ONCE)?;
        let ended = window.len() < BLOCKS_AT_ONCE;
        after = window.last().map(|last| last.who.clone());
        let over: Vec<Blocked> = window.into_iter().filter(|line| !line.holds(now)).map(|line| line.who).collect();
        if !over.is_empty() {
            let job = move |tx: &mut Transaction<'_>| -> Result<u64, StoreError> {
                let mut gone = 0;
                for who in over {
                    // Somebody may have blocked them anew meanwhile.
                    if blocks::get(tx, &who)?.is_some_and(|line| !line.holds(now)) {
                        blocks::delete(tx, &who)?;
                        gone += 1;
                    }
                }
                Ok(gone)
            };
            removed += store.write(job).await?;
        }
        if ended {
            return Ok(removed);
        }
    }
}

/// Files of large blobs that nothing refers to.
async fn sweep(store: &Store, files: &BlobFiles) -> Result<(), BlobError> {
    let (store, files) = (store.clone(), files.clone());
    let work = move || files.sweep(|hash| Ok(blobs::get(&store, hash)?.is_some()));
    match tokio::task::spawn_blocking(work).await {
        Ok(swept) => {
            let files = swept?;
            if files > 0 {
                tracing::info!(files, "removed files that nothing refers to");
            }
            Ok(())
        }
        // The daemon stops.
        Err(_) => Ok(()),
    }
}
