//! One poll of a mailbox: connect, find what is new, take it in batch by batch, flag what is durable.

use super::batch::{BatchParts, prepare_all, settle_all, submit_all};
use super::prepare::microseconds;
use super::worker::IntakeParts;
use crate::auth::{SecretError, mailbox_password};
use crate::blob::BlobError;
use crate::clamd::ScanError;
use crate::imap::{FetchedMail, FolderStatus, ImapAccount, ImapError, ImapSession, MailMeta};
use crate::net::Timeouts;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::mailboxes::{self, MailboxState};
use crate::store::processed;
use jiff::Timestamp;
use maildesk_core::diagnosis::{Diagnosis, Step};
use maildesk_core::ids::{Uid, UidValidity};
use maildesk_core::settings::{FirstImport, Mailbox};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

/// Mails of one fetch at the most.
const BATCH_MAILS: usize = 125;
/// Batches that the writer has before the oldest is waited for: one group on its way to the disk, one that runs, and
/// one that reads ahead.
const BATCHES_SUBMITTED: usize = 6;
/// Bytes of one fetch at the most; a larger mail is a batch of its own.
const BATCH_BYTES: u64 = 4 << 20;
/// Mails whose sizes are asked for at once.
pub(super) const SIZES_AT_ONCE: usize = 5000;

#[derive(Debug, thiserror::Error)]
pub enum PollError {
    #[error(transparent)]
    Imap(#[from] ImapError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Scan(#[from] ScanError),
    #[error("the disk is nearly full: mail stays unread on its server")]
    NoRoom,
    #[error("a part of the daemon ended in the middle of a batch")]
    Interrupted,
    /// One mail cannot be had, others can.
    #[error("the mail with UID {uid} cannot be taken in, others are: {why}")]
    Withheld { uid: Uid, why: Box<PollError> },
}

/// What has come of a poll, also of one that failed half way.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) judged: u64,
    /// The first mail that stays unread on its server while others are taken in.
    withheld: Option<PollError>,
}

impl PollError {
    /// What, why and what to try.
    pub fn diagnosis(&self) -> Diagnosis {
        if let Self::Withheld { why, .. } = self {
            let remedy = "Read it with a mail program, and mark it as read or move it out of this folder.".into();
            return Diagnosis { meaning: self.to_string(), remedy, ..why.diagnosis() };
        }
        let (step, remedy) = match self {
            Self::Imap(error) => return error.diagnosis(),
            Self::Scan(error) => return error.diagnosis(),
            Self::Secret(error) => (Step::Settings, error.remedy()),
            Self::Store(_) | Self::Blob(_) | Self::NoRoom => {
                (Step::Fetch, "Make room where the state folder is; mail is taken in again by itself.")
            }
            Self::Interrupted | Self::Withheld { .. } => {
                (Step::Fetch, "See the log; the mail stays on the server and is taken again.")
            }
        };
        Diagnosis::of_our_own(step, self.to_string(), remedy)
    }
}

/// Polls once.
pub(super) async fn poll(parts: &IntakeParts, mailbox: &Arc<Mailbox>, taken: &mut Taken) -> Result<(), PollError> {
    if !parts.store.has_room() {
        return Err(PollError::NoRoom);
    }
    let place = mailbox_password(&mailbox.name);
    let password = parts.secrets.for_login(&parts.store, &mailbox.login.password, &place).await?;
    let account = ImapAccount::of(mailbox, password);
    let mut session = ImapSession::connect(&account, &parts.tls, &Timeouts::default()).await?;
    session.set_largest_mail(mailbox.max_mail_bytes);
    let folder = session.select(&mailbox.folder).await?;
    let state = first_contact(parts, mailbox, &folder).await?;
    let (first, since) = wanted_uids(mailbox, &state, &folder);
    let unread = session.search_unseen(first, since).await?;
    for uids in unread.chunks(SIZES_AT_ONCE) {
        let metas = session.sizes(uids).await?;
        take_all(parts, mailbox, &mut session, (&state, &folder), metas, taken).await?;
    }
    session.logout().await;
    taken.withheld.take().map_or(Ok(()), Err)
}

/// Reads what is known of the mailbox, or notes what was there before us (invariant 9).
async fn first_contact(
    parts: &IntakeParts,
    mailbox: &Mailbox,
    folder: &FolderStatus,
) -> Result<MailboxState, PollError> {
    if let Some(state) = mailboxes::get(&parts.store, &mailbox.name)? {
        return Ok(state);
    }
    let state = state_at_first(folder, parts.clock.now());
    let (name, written) = (mailbox.name.clone(), state);
    parts.store.write(move |tx| mailboxes::put(tx, &name, &written)).await?;
    tracing::info!(mailbox = %mailbox.name, exists = folder.exists, import = ?mailbox.first_import, "first contact");
    Ok(state)
}

/// What a first contact notes. Without UIDNEXT (some servers leave it out) what was there is told by its date.
pub(super) fn state_at_first(folder: &FolderStatus, now: Timestamp) -> MailboxState {
    MailboxState { uid_validity: folder.uid_validity, first_uid: folder.uid_next, first_contact: now }
}

/// Where to search from. After UIDVALIDITY has changed, UIDs of the first contact mean nothing; then dates decide.
pub(super) fn wanted_uids(
    mailbox: &Mailbox,
    state: &MailboxState,
    folder: &FolderStatus,
) -> (Option<Uid>, Option<jiff::civil::Date>) {
    let same_uids = state.uid_validity == folder.uid_validity;
    match mailbox.first_import {
        FirstImport::FromNow if same_uids && state.first_uid.is_some() => (state.first_uid, None),
        FirstImport::FromNow => (None, Some(day_before(state.first_contact))),
        FirstImport::Unread => (None, None),
        FirstImport::Since(day) => (None, Some(day)),
    }
}

/// IMAP SINCE counts days in the server's zone; a day earlier is safe, and older mail is sorted out by its time.
fn day_before(at: Timestamp) -> jiff::civil::Date {
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    day.yesterday().unwrap_or(day)
}

/// Whether a mail was there before the mailbox was first polled.
pub(super) fn is_old(state: &MailboxState, folder: &FolderStatus, meta: &MailMeta) -> bool {
    was_there_before(state, folder.uid_validity, meta.uid, meta.internal_date)
}

/// As [`is_old`], of a mail that is kept.
pub(super) fn was_there_before(
    state: &MailboxState,
    uid_validity: UidValidity,
    uid: Uid,
    received: Option<Timestamp>,
) -> bool {
    match state.first_uid {
        Some(first) if state.uid_validity == uid_validity => uid < first,
        _ => received.is_none_or(|at| at < state.first_contact),
    }
}

/// Unread mails told apart.
pub(super) struct Sorted {
    /// Committed, then stopped before the flag: only the flag is left to do.
    pub(super) done_before: Vec<Uid>,
    pub(super) new: Vec<MailMeta>,
}

/// Tells what is to be taken in from what was, and from what is too old.
pub(super) fn sort_out(
    store: &Store,
    mailbox: &Mailbox,
    state: &MailboxState,
    folder: &FolderStatus,
    metas: Vec<MailMeta>,
) -> Result<Sorted, StoreError> {
    let mut sorted = Sorted { done_before: Vec::new(), new: Vec::new() };
    for meta in metas {
        if processed::find(store, &mailbox.name, folder.uid_validity, meta.uid)?.is_some() {
            sorted.done_before.push(meta.uid);
        } else if !(is_old(state, folder, &meta) && mailbox.first_import == FirstImport::FromNow) {
            sorted.new.push(meta);
        }
    }
    Ok(sorted)
}

/// Takes mails in, several batches under way: one is fetched, one parsed, one handed to the writer, and some more are
/// with the writer, so that it has work whichever of the other steps is slow for once.
async fn take_all(
    parts: &IntakeParts,
    mailbox: &Arc<Mailbox>,
    session: &mut ImapSession,
    (state, folder): (&MailboxState, &FolderStatus),
    metas: Vec<MailMeta>,
    taken: &mut Taken,
) -> Result<(), PollError> {
    let Sorted { done_before, new } = sort_out(&parts.store, mailbox, state, folder, metas)?;
    if !done_before.is_empty() {
        session.mark_seen(&done_before).await?;
    }
    let batch_parts = BatchParts::new(parts, mailbox, state, folder);
    let mut planned = batches(new, mailbox.max_mail_bytes).into_iter();
    let (mut fetched, mut prepared, mut submitted, mut committed) = (None, None, VecDeque::new(), Vec::new());
    loop {
        let next = planned.next();
        let nothing_comes = next.is_none() && fetched.is_none() && prepared.is_none();
        if nothing_comes && submitted.is_empty() && committed.is_empty() {
            return Ok(());
        }
        let waits = submitted.len() >= BATCHES_SUBMITTED || nothing_comes;
        let oldest = if waits { submitted.pop_front() } else { None };
        taken.judged += committed.len() as u64;
        // Each batch takes one step. All run on this task to their ends, so that a fault of one tears no other apart.
        // What was committed and could not be flagged is flagged at the next poll.
        let steps = tokio::join!(
            flag_and_fetch(session, std::mem::take(&mut committed), next),
            each(fetched.take(), |batch| prepare_all(&batch_parts, batch)),
            each(prepared.take(), |prepared| submit_all(&batch_parts, prepared)),
            each(oldest, |submitted| settle_all(&batch_parts, submitted)),
        );
        (fetched, prepared) = (steps.0?, steps.1?);
        let withheld = prepared.as_mut().and_then(|prepared| prepared.withheld.take());
        taken.withheld = taken.withheld.take().or(withheld);
        submitted.extend(steps.2?);
        committed = steps.3?.unwrap_or_default();
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

/// What the session does in one step.
async fn flag_and_fetch(
    session: &mut ImapSession,
    committed: Vec<Uid>,
    planned: Option<PlannedBatch>,
) -> Result<Option<Batch>, PollError> {
    if !committed.is_empty() {
        session.mark_seen(&committed).await?;
    }
    each(planned, |planned| fetch(session, planned)).await
}

/// Mails as fetched, with what is known of each.
pub(super) struct Batch {
    pub(super) metas: Vec<MailMeta>,
    /// `None`: larger than the mailbox takes, so it was not fetched.
    pub(super) mails: Vec<(MailMeta, Option<FetchedMail>)>,
    /// How long the fetch took, in microseconds.
    pub(super) fetch: u64,
    /// A mail that the server does not hand out.
    pub(super) withheld: Option<PollError>,
}

async fn fetch(session: &mut ImapSession, planned: PlannedBatch) -> Result<Batch, PollError> {
    let uids: Vec<Uid> = planned.fetched.iter().map(|meta| meta.uid).collect();
    let began = Instant::now();
    let mut batch = Batch { metas: planned.fetched, mails: Vec::new(), fetch: 0, withheld: None };
    batch.mails.extend(planned.too_large.into_iter().map(|meta| (meta, None)));
    if uids.is_empty() {
        return Ok(batch);
    }
    let Batch { metas, mails, .. } = &mut batch;
    let refused = session
        .fetch(&uids, |mail| {
            if let Some(meta) = metas.iter().find(|meta| meta.uid == mail.uid) {
                mails.push((*meta, Some(mail)));
            }
        })
        .await?;
    batch.withheld = refused.into_iter().map(|(uid, error)| withheld(uid, error.into())).reduce(|first, _| first);
    batch.fetch = microseconds(began);
    Ok(batch)
}

/// Says in the log that a mail stays on its server; the first one is also told in the status.
pub(super) fn withheld(uid: Uid, why: PollError) -> PollError {
    tracing::warn!(%uid, %why, "a mail stays unread on its server; others are taken in");
    PollError::Withheld { uid, why: Box::new(why) }
}

struct PlannedBatch {
    fetched: Vec<MailMeta>,
    too_large: Vec<MailMeta>,
}

/// Cuts a list of mails into batches bounded by number and bytes.
fn batches(metas: Vec<MailMeta>, largest: u64) -> Vec<PlannedBatch> {
    let mut batches = Vec::new();
    let mut batch = PlannedBatch { fetched: Vec::new(), too_large: Vec::new() };
    let mut bytes = 0;
    for meta in metas {
        let size = u64::from(meta.size);
        let count = batch.fetched.len() + batch.too_large.len();
        if count > 0 && (count >= BATCH_MAILS || bytes + size > BATCH_BYTES) {
            batches.push(std::mem::replace(&mut batch, PlannedBatch { fetched: Vec::new(), too_large: Vec::new() }));
            bytes = 0;
        }
        if size > largest {
            batch.too_large.push(meta);
        } else {
            bytes += size;
            batch.fetched.push(meta);
        }
    }
    if !(batch.fetched.is_empty() && batch.too_large.is_empty()) {
        batches.push(batch);
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(uid: u32, size: u32) -> MailMeta {
        MailMeta { uid: Uid(uid), size, internal_date: None }
    }

    #[test]
    fn batches_are_bounded_by_number_and_bytes() {
        let small = batches((1..=600).map(|uid| meta(uid, 1000)).collect(), 1 << 20);
        assert_eq!(small.iter().map(|b| b.fetched.len()).collect::<Vec<_>>(), [125, 125, 125, 125, 100]);
        let large = batches(vec![meta(1, 3 << 20), meta(2, 3 << 20), meta(3, 9 << 20), meta(4, 60 << 20)], 50 << 20);
        assert_eq!(
            large.iter().map(|b| (b.fetched.len(), b.too_large.len())).collect::<Vec<_>>(),
            [(1, 0), (1, 0), (1, 0), (0, 1)]
        );
        assert!(batches(Vec::new(), 1).is_empty());
    }
}
