//! One batch: parsed apart from the async threads, committed in one group, its UIDs handed back to be flagged.

use super::commit::{CommitError, commit_broken, commit_mail, look_ahead};
use super::fetching::Batch;
use super::poll::{PollError, Sorted, is_old, sort_out, withheld};
use super::prepare::{PreparedMail, prepare};
use super::worker::IntakeParts;
use crate::active::{Active, ActiveSettings, follow_stored};
use crate::blob::{BlobError, BlobFiles};
use crate::clamd::{ScanError, ScannedMails, Scans, scan_all};
use crate::clock::Clock;
use crate::events::EventHub;
use crate::imap::{FetchedMail, FolderStatus, MailMeta};
use crate::sender_check::SenderChecks;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::kv::{Pending, Transaction};
use crate::store::mailboxes::MailboxState;
use jiff::Timestamp;
use maildesk_core::ids::{EventSeq, Uid};
use maildesk_core::mail::Limits;
use maildesk_core::route::{Origin, Scanned};
use maildesk_core::settings::{Mailbox, VirusScan};
use maildesk_core::verdict::SenderCheck;
use std::sync::Arc;
use tokio::sync::Notify;

/// What all batches of one poll share.
pub(super) struct BatchParts {
    store: Store,
    files: BlobFiles,
    hub: EventHub,
    clock: Clock,
    outbox_nudge: Arc<Notify>,
    upload_nudge: Arc<Notify>,
    active: Arc<Active>,
    settings: ActiveSettings,
    senders: SenderChecks,
    mailbox: Arc<Mailbox>,
    state: MailboxState,
    folder: FolderStatus,
}

impl BatchParts {
    pub(super) fn new(
        parts: &IntakeParts,
        mailbox: &Arc<Mailbox>,
        state: &MailboxState,
        folder: &FolderStatus,
    ) -> Self {
        Self {
            store: parts.store.clone(),
            files: parts.files.clone(),
            hub: parts.hub.clone(),
            clock: parts.clock,
            outbox_nudge: Arc::clone(&parts.outbox_nudge),
            upload_nudge: Arc::clone(&parts.upload_nudge),
            active: Arc::clone(&parts.active),
            settings: parts.settings.clone(),
            senders: parts.senders.clone(),
            mailbox: Arc::clone(mailbox),
            state: *state,
            folder: *folder,
        }
    }

    /// Tells what is to be taken in from what was.
    pub(super) fn sort_out(&self, metas: Vec<MailMeta>) -> Result<Sorted, StoreError> {
        sort_out(&self.store, &self.mailbox, &self.state, &self.folder, metas)
    }

    /// Bytes of the largest mail that is fetched.
    pub(super) fn largest(&self) -> u64 {
        self.mailbox.max_mail_bytes
    }

    pub(super) fn scanner(&self) -> Option<&VirusScan> {
        self.active.settings.judging.virus_scan.as_ref()
    }

    fn origin(&self, meta: &MailMeta, prepared: Option<&PreparedMail>) -> Origin {
        Origin {
            mailbox: self.mailbox.name.clone(),
            uid_validity: self.folder.uid_validity,
            uid: meta.uid,
            received: meta.internal_date,
            old: is_old(&self.state, &self.folder, meta),
            acknowledge: self.mailbox.acknowledge,
            released: false,
            size: u64::from(meta.size),
            raw: prepared.map(|prepared| prepared.raw.hash),
        }
    }
}

/// A mail on its way to the writer. Shared, because a commit that fails is followed by one that quarantines it.
pub(super) struct Candidate {
    uid: Uid,
    origin: Origin,
    prepared: Result<PreparedMail, String>,
}

impl Candidate {
    fn names_invitation(&self) -> bool {
        self.prepared.as_ref().is_ok_and(|prepared| prepared.names_invitation())
    }
}

/// A batch that is ready for the writer.
#[derive(Default)]
pub(super) struct Prepared {
    candidates: Vec<Arc<Candidate>>,
    /// A mail that stays on its server.
    pub(super) withheld: Option<PollError>,
    /// Mails at which the scanner failed.
    pub(super) unscanned: Vec<Uid>,
    /// The scanner does no mail for now: those that it has not done stay on their server.
    pub(super) scanner_away: Option<ScanError>,
}

/// The newest event of a mail, if it made one, and the mail: what it brought is held until its commit is durable, also
/// where nobody waits any more, so that no file of it is swept up before.
type Committed = (Option<EventSeq>, Arc<Candidate>);

/// A batch that the writer has, with where its outcomes will come from.
pub(super) struct Submitted {
    candidates: Vec<Arc<Candidate>>,
    outcomes: Vec<Pending<Committed, CommitError>>,
    now: Timestamp,
}

/// Hands a batch to the writer, which has the next one at hand while this one is on its way to the disk.
pub(super) async fn submit_all(parts: &BatchParts, prepared: Prepared) -> Result<Submitted, PollError> {
    let Prepared { candidates, .. } = prepared;
    let now = parts.clock.now();
    let job = |candidate: &Arc<Candidate>| {
        let (candidate, active) = (Arc::clone(candidate), Arc::clone(&parts.active));
        let mailbox = Arc::clone(&parts.mailbox);
        let ahead = Arc::clone(&candidate);
        let look_ahead = move |tx: &Transaction<'_>| {
            if let Ok(prepared) = &ahead.prepared {
                // A fault is told by the commit, which asks the same again.
                look_ahead(tx, &ahead.origin, prepared).unwrap_or_default();
            }
        };
        let commit = move |tx: &mut Transaction<'_>| -> Result<Committed, CommitError> {
            let newest = commit(tx, &active, &mailbox, &candidate, now)?;
            Ok((newest, candidate))
        };
        (look_ahead, commit)
    };
    let outcomes = parts.store.submit_all_ahead(candidates.iter().map(job).collect()).await;
    Ok(Submitted { candidates, outcomes, now })
}

/// What came of a batch that is durable.
pub(super) struct Settled {
    pub(super) judged: u64,
    /// To be marked as read. What was not fetched lies on its server alone and stays unread there.
    pub(super) seen: Vec<Uid>,
}

/// Waits for the commits of a batch. All of it is durably judged then.
///
/// # Errors
/// Nothing of the batch may be flagged; what was committed is found by its processed mark at the next poll.
pub(super) async fn settle_all(parts: &BatchParts, submitted: Submitted) -> Result<Settled, PollError> {
    let Submitted { candidates, outcomes, now } = submitted;
    let mut seen = Vec::with_capacity(candidates.len());
    let mut newest = None;
    for (candidate, outcome) in candidates.iter().zip(outcomes) {
        let seq = match outcome.outcome().await {
            Ok((seq, _)) => seq,
            Err(error) => quarantine_instead(parts, candidate, error, now).await?,
        };
        newest = newest.max(seq);
        if candidate.prepared.is_ok() {
            seen.push(candidate.uid);
        }
    }
    if let Some(newest) = newest {
        parts.hub.publish(newest);
        parts.outbox_nudge.notify_waiters();
        parts.upload_nudge.notify_one();
    }
    // Who accepts an invitation is an agent from then on, and that is a change of the settings.
    if candidates.iter().any(|candidate| candidate.names_invitation()) {
        follow_stored(&parts.store, &parts.settings)?;
    }
    Ok(Settled { judged: candidates.len() as u64, seen })
}

fn commit(
    tx: &mut Transaction<'_>,
    active: &Active,
    mailbox: &Mailbox,
    candidate: &Candidate,
    now: Timestamp,
) -> Result<Option<EventSeq>, CommitError> {
    match &candidate.prepared {
        Ok(prepared) => commit_mail(tx, active, mailbox, &candidate.origin, prepared, now),
        Err(reason) => commit_broken(tx, active, mailbox, &candidate.origin, None, reason.clone(), now),
    }
}

/// A commit that failed for the mail's own sake is repeated as a quarantine. Faults of the store leave the mail on its
/// server instead: it is not the mail's problem.
async fn quarantine_instead(
    parts: &BatchParts,
    candidate: &Arc<Candidate>,
    error: CommitError,
    now: Timestamp,
) -> Result<Option<EventSeq>, PollError> {
    if let CommitError::Store(error @ (StoreError::Closed | StoreError::NoRoom { .. })) = error {
        return Err(error.into());
    }
    tracing::error!(mailbox = %parts.mailbox.name, uid = %candidate.uid, %error, "a mail could not be committed");
    let reason = format!("not committed: {error}");
    let (candidate, active) = (Arc::clone(candidate), Arc::clone(&parts.active));
    let mailbox = Arc::clone(&parts.mailbox);
    let job = move |tx: &mut Transaction<'_>| {
        let prepared = candidate.prepared.as_ref().ok();
        commit_broken(tx, &active, &mailbox, &candidate.origin, prepared, reason, now)
    };
    parts.store.write(job).await.map_err(|error| match error {
        CommitError::Store(error) => PollError::Store(error),
        CommitError::Directory(_) => PollError::Interrupted,
    })
}

/// Why a mail larger than its mailbox takes lies in quarantine.
pub(super) fn too_large(bytes: u64, largest: u64) -> String {
    format!(
        "{bytes} bytes, more than the {largest} this mailbox takes; the mail stays on its server until it is released"
    )
}

/// Scans, parses and judges a batch, with its large blobs durable.
///
/// # Errors
/// A large blob could not be written; nothing of the batch may be flagged.
pub(super) async fn prepare_all(parts: &BatchParts, batch: Batch) -> Result<Prepared, PollError> {
    let Scans { scanned, failed, away } = scan_all(parts.scanner(), batch.mails).await;
    let unscanned = failed.iter().map(|(meta, _)| meta.uid).collect();
    let withheld = failed.into_iter().map(|(meta, error)| withheld(meta.uid, error.into())).reduce(|first, _| first);
    let prepared = prepare_scanned(parts, scanned, batch.fetch).await?;
    Ok(Prepared { withheld, unscanned, scanner_away: away, ..prepared })
}

/// As [`prepare_all`], of mails that were scanned. `fetch` is how long their fetch took, in microseconds.
///
/// # Errors
/// A large blob could not be written; nothing of the batch may be flagged.
pub(super) async fn prepare_scanned(
    parts: &BatchParts,
    mails: ScannedMails<MailMeta>,
    fetch: u64,
) -> Result<Prepared, PollError> {
    let mails = check_senders(parts, mails).await?;
    let (active, files, mailbox) = (Arc::clone(&parts.active), parts.files.clone(), Arc::clone(&parts.mailbox));
    let work = move || -> Result<Vec<(MailMeta, Option<PreparedMail>)>, BlobError> {
        let limits = Limits::default();
        let one = |(meta, fetched): (MailMeta, Option<Known>)| {
            let fetched = fetched
                .map(|Known { raw, scanned, checked }| prepare(raw, (scanned, checked), &active, &limits, &files));
            let mut prepared = fetched.transpose()?;
            if let Some(prepared) = &mut prepared {
                prepared.timing.fetch = Some(fetch);
                prepared.filter(&active, &mailbox.name, u64::from(meta.size));
            }
            Ok((meta, prepared))
        };
        mails.into_iter().map(one).collect()
    };
    let prepared = tokio::task::spawn_blocking(work).await.map_err(|_| PollError::Interrupted)??;
    let largest = parts.largest();
    let candidate = |(meta, prepared): (MailMeta, Option<PreparedMail>)| {
        let origin = parts.origin(&meta, prepared.as_ref());
        let too_large = || too_large(u64::from(meta.size), largest);
        Arc::new(Candidate { uid: meta.uid, origin, prepared: prepared.ok_or_else(too_large) })
    };
    Ok(Prepared { candidates: prepared.into_iter().map(candidate).collect(), ..Prepared::default() })
}

/// A mail whose bytes are not had, ready to be listed in quarantine with the reason.
pub(super) fn not_fetched(parts: &BatchParts, meta: &MailMeta, reason: String) -> Prepared {
    let candidate = Candidate { uid: meta.uid, origin: parts.origin(meta, None), prepared: Err(reason) };
    Prepared { candidates: vec![Arc::new(candidate)], ..Prepared::default() }
}

/// A mail with what was found out about it from outside.
struct Known {
    raw: Vec<u8>,
    scanned: Scanned,
    checked: Option<SenderCheck>,
}

impl AsRef<[u8]> for Known {
    fn as_ref(&self) -> &[u8] {
        &self.raw
    }
}

/// Has the senders of a batch checked, where its mailbox asks for that.
async fn check_senders(
    parts: &BatchParts,
    mails: ScannedMails<MailMeta>,
) -> Result<Vec<(MailMeta, Option<Known>)>, PollError> {
    let known = |(mail, scanned): (FetchedMail, Scanned)| Known { raw: mail.raw, scanned, checked: None };
    let mails = mails.into_iter().map(|(meta, fetched)| (meta, fetched.map(known)));
    if !parts.mailbox.check_senders {
        return Ok(mails.collect());
    }
    let (fetched, others): (Vec<_>, Vec<_>) = mails.partition(|(_, known)| known.is_some());
    let (metas, fetched): (Vec<MailMeta>, Vec<Option<Known>>) = fetched.into_iter().unzip();
    let checked = parts.senders.check(fetched.into_iter().flatten().collect()).await;
    let checked = checked.map_err(|_| PollError::Interrupted)?.into_iter();
    let checked = checked.map(|(known, check)| Some(Known { checked: Some(check), ..known }));
    Ok(others.into_iter().chain(metas.into_iter().zip(checked)).collect())
}
