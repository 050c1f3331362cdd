//! One poll of a mailbox: connect, find what is new, take it in batch by batch, flag what is durable.

use super::alone::take_alone;
use super::batch::BatchParts;
use super::doubts::{Doubts, Parted};
use super::pipeline::take_all;
use super::worker::IntakeParts;
use crate::auth::{SecretError, mailbox_password};
use crate::blob::BlobError;
use crate::clamd::ScanError;
use crate::imap::{FolderStatus, ImapAccount, ImapError, ImapSession, MailMeta};
use crate::net::Timeouts;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::mailboxes::{self, MailboxState};
use crate::store::{mails, processed};
use jiff::Timestamp;
use maildesk_core::diagnosis::{Diagnosis, Step};
use maildesk_core::ids::{Uid, UidValidity};
use maildesk_core::settings::{FirstImport, Mailbox};
use std::collections::HashSet;
use std::sync::Arc;

/// Mails in doubt after sizes did not come, in the order that servers answer in.
const SUSPECTS: usize = 50;
/// Refusals of single mails that a poll bears.
const REFUSALS_BORNE: u32 = 20;
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

impl Taken {
    /// Notes a mail that stays on its server; the first one is told.
    pub(super) fn withhold(&mut self, withheld: Option<PollError>) {
        self.withheld = self.withheld.take().or(withheld);
    }
}

impl PollError {
    /// What, why and what to try.
    pub fn diagnosis(&self) -> Diagnosis {
        let (step, remedy) = match self {
            Self::Withheld { why, .. } => {
                let remedy = "Read it with a mail program, and mark it as read or move it out of this folder.".into();
                return Diagnosis { meaning: self.to_string(), remedy, ..why.diagnosis() };
            }
            Self::Imap(error) => return error.diagnosis(),
            Self::Scan(error) => return error.diagnosis(),
            Self::Secret(error) => (Step::Settings, error.remedy()),
            Self::Store(_) | Self::Blob(_) | Self::NoRoom => {
                (Step::Fetch, "Make room where the state folder is; mail is taken in again by itself.")
            }
            Self::Interrupted => (Step::Fetch, "See the log; the mail stays on the server and is taken again."),
        };
        Diagnosis::of_our_own(step, self.to_string(), remedy)
    }
}

/// Polls once.
pub(super) async fn poll(
    parts: &IntakeParts,
    mailbox: &Arc<Mailbox>,
    taken: &mut Taken,
    doubts: &mut Doubts,
) -> Result<(), PollError> {
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
    let Parted { sound, doubtful } = doubts.part(folder.uid_validity, unread);
    let batches = BatchParts::new(parts, mailbox, &state, &folder);
    for uids in sound.chunks(SIZES_AT_ONCE) {
        let mut metas = Vec::with_capacity(uids.len());
        let sized = session.sizes_into(uids, &mut metas).await;
        let came: HashSet<Uid> = metas.iter().map(|meta| meta.uid).collect();
        doubts.suspect(uids.iter().copied().filter(|uid| !came.contains(uid)).take(SUSPECTS));
        sized?;
        take_all(&batches, &mut session, metas, taken, doubts).await?;
    }
    let mut refused = 0;
    for uid in doubtful {
        refused += u32::from(take_alone(&batches, &mut session, uid, taken, doubts).await?);
        if refused == REFUSALS_BORNE || !session.is_usable() {
            break;
        }
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
        if let Some(judged) = processed::find(store, &mailbox.name, folder.uid_validity, meta.uid)? {
            // What lies on its server alone stays unread there until a person has decided about it.
            match mails::get(store, judged) {
                Ok(Some(mail)) if mail.waits_on_server() => {}
                Err(error) if !error.is_damage() => return Err(error),
                // Judged it was, whatever became of its verdict.
                _ => sorted.done_before.push(meta.uid),
            }
        } else if !(is_old(state, folder, &meta) && mailbox.first_import == FirstImport::FromNow) {
            sorted.new.push(meta);
        }
    }
    Ok(sorted)
}

/// Says in the log that a mail stays on its server; the first one is also told in the status.
pub(super) fn withheld(uid: Uid, why: PollError) -> PollError {
    tracing::warn!(%uid, %why, "a mail stays unread on its server; others are taken in");
    PollError::Withheld { uid, why: Box::new(why) }
}
