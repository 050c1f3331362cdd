//! A mail that was held back is decided about once more, because a person says so: released, judged anew, discarded.
//!
//! The chain is that of live intake, the commit too. The mail keeps its number and its place in the log, so it cannot
//! be taken in twice: its verdict is looked at again within the commit, and the same mail that came in meanwhile is
//! found by its content.

use super::commit::{CommitError, carry_out, take_in, told_of};
use super::decide::{Chain, Repeats, decide};
use super::late::LateMail;
use super::prepare::{Content, PreparedMail, prepare};
use super::trial::origin_of;
use super::whole::prepare_whole;
use crate::active::Active;
use crate::blob::{BlobError, BlobReader, PreparedBlob, write_blob};
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{DirectoryError, events, mails};
use jiff::Timestamp;
use maildesk_core::ids::MailId;
use maildesk_core::mail::{HEAD_BYTES, Limits};
use maildesk_core::route::{
    Fresh, JudgedMail, MailAction, MailRefusal, Origin, Plan, Scanned, discard, may_act, quarantine, sign,
};
use maildesk_core::verdict::SenderCheck;

/// What is to be done, by whom, when.
#[derive(Clone, Copy)]
pub struct Again<'a> {
    pub action: &'a MailAction,
    /// Unix user name.
    pub by: &'a str,
    pub now: Timestamp,
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum AgainError {
    #[error("there is no mail {0}")]
    Unknown(MailId),
    #[error(transparent)]
    Refused(#[from] MailRefusal),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Directory(DirectoryError),
}

impl From<CommitError> for AgainError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Store(error) => Self::Store(error),
            CommitError::Directory(error) => Self::Directory(error),
        }
    }
}

/// A mail that is held back, read again where the action needs its bytes.
pub struct HeldMail {
    id: MailId,
    prepared: Option<PreparedMail>,
}

/// A mail at hand, with what was found out about it from outside.
pub struct AtHand {
    pub mail: LateMail,
    pub scanned: Scanned,
    pub checked: Option<SenderCheck>,
}

/// Where the bytes of a mail are that is held back.
pub enum HeldBytes {
    /// The action does not read them.
    NotAsked,
    Here(Vec<u8>, Box<JudgedMail>),
    /// On its server alone.
    Elsewhere(Box<JudgedMail>),
}

/// The bytes of a mail that an action may be carried out on, where the action needs them. Blocks.
///
/// # Errors
/// It is not held back, or its bytes are not here and are not fetched for this action.
pub fn bytes_again(
    read: &impl Read,
    blobs: &BlobReader,
    id: MailId,
    action: &MailAction,
) -> Result<HeldBytes, AgainError> {
    let judged = held(read, id, action)?;
    match judged.raw {
        _ if !action.reads_mail() => Ok(HeldBytes::NotAsked),
        Some(hash) => {
            let raw = blobs.whole(hash, u64::MAX)?.ok_or(MailRefusal::NoBytes { mail: id })?;
            Ok(HeldBytes::Here(raw, Box::new(judged)))
        }
        None => Ok(HeldBytes::Elsewhere(Box::new(judged))),
    }
}

/// Parses a mail that was held back, as it came in late or was kept. What is released and cannot be parsed is made
/// ready with the whole mail attached. Blocks.
///
/// # Errors
/// A large attachment cannot be written.
pub fn read_again(
    id: MailId,
    at_hand: Option<AtHand>,
    action: &MailAction,
    blobs: &BlobReader,
    active: &Active,
) -> Result<HeldMail, AgainError> {
    let (files, limits) = (blobs.files(), Limits::default());
    let Some(AtHand { mail, scanned, checked }) = at_hand else { return Ok(HeldMail { id, prepared: None }) };
    let known = (scanned, checked);
    let prepared = match mail {
        LateMail::Whole(raw) => {
            let (head, size) = (raw.get(..HEAD_BYTES).unwrap_or(&raw).to_vec(), raw.len() as u64);
            match prepare(raw, known.clone(), active, &limits, files)? {
                PreparedMail { content: Content::Unreadable { reason }, raw, timing } if action.wants_mail() => {
                    PreparedMail { timing, ..prepare_whole((&head, raw, size), &reason, known, active, files) }
                }
                prepared => prepared,
            }
        }
        LateMail::Stored { head, blob } => {
            let (size, why) = (blob.size, format!("not parsed: {} bytes", blob.size));
            prepare_whole((&head, blob, size), &why, known, active, files)
        }
        // Nothing of it is written.
        LateMail::Head(head) => {
            let (size, blob) = (head.len() as u64, PreparedBlob::new(files, head.clone())?);
            prepare_whole((&head, blob, size), "only its header was asked for", known, active, files)
        }
    };
    let prepared = Some(prepared);
    Ok(HeldMail { id, prepared })
}

/// The verdict that the action would lead to now; nothing is written.
///
/// # Errors
/// The action is refused, or the store cannot be read.
pub fn rehearse_again(
    read: &impl Read,
    active: &Active,
    mail: &HeldMail,
    again: Again<'_>,
) -> Result<JudgedMail, AgainError> {
    let before = held(read, mail.id, again.action)?;
    match (again.action, &mail.prepared) {
        (MailAction::Discard { reason }, _) => Ok(discard(&before, reason, again.by, again.now)),
        (_, Some(prepared)) => Ok(plan_again(read, active, &before, prepared, again)?.plan.judged),
        (_, None) => Err(MailRefusal::NoBytes { mail: mail.id }.into()),
    }
}

/// Does it, in the caller's transaction; gives the new verdict.
///
/// # Errors
/// The action is refused, also because somebody was faster; nothing may be committed then.
pub fn judge_again(
    tx: &mut Transaction<'_>,
    active: &Active,
    mail: &HeldMail,
    again: Again<'_>,
) -> Result<JudgedMail, AgainError> {
    let before = held(tx, mail.id, again.action)?;
    let prepared = match (again.action, &mail.prepared) {
        (MailAction::Discard { reason }, _) => {
            let judged = discard(&before, reason, again.by, again.now);
            mails::put(tx, &judged)?;
            events::append(tx, again.now, told_of(&judged, None))?;
            return Ok(judged);
        }
        (_, Some(prepared)) => prepared,
        (_, None) => return Err(MailRefusal::NoBytes { mail: mail.id }.into()),
    };
    let gone = || MailRefusal::NoMailbox { mail: mail.id, mailbox: before.mailbox.clone() };
    let mailbox = active.settings.mailbox(&before.mailbox).ok_or_else(gone)?;
    let Planned { plan, fresh, origin } = plan_again(tx, active, &before, prepared, again)?;
    if before.raw.is_none() {
        write_blob(tx, &prepared.raw, false)?;
    }
    match (&prepared.content, fresh) {
        (Content::Mail(content), Some(fresh)) => {
            take_in(tx, active, mailbox, &origin, content, (plan, fresh), again.now)?
        }
        _ => carry_out(tx, active, mailbox, plan, &[], None, again.now)?,
    };
    mails::get(tx, mail.id)?.ok_or(AgainError::Unknown(mail.id))
}

/// A mail that an action may be carried out on.
fn held(read: &impl Read, id: MailId, action: &MailAction) -> Result<JudgedMail, AgainError> {
    let judged = mails::get(read, id)?.ok_or(AgainError::Unknown(id))?;
    may_act(action, &judged)?;
    Ok(judged)
}

struct Planned {
    plan: Plan,
    /// Of a mail that could be read.
    fresh: Option<Fresh>,
    origin: Origin,
}

fn plan_again(
    read: &impl Read,
    active: &Active,
    before: &JudgedMail,
    prepared: &PreparedMail,
    again: Again<'_>,
) -> Result<Planned, AgainError> {
    let released = *again.action == MailAction::Release;
    let raw = before.raw.or(Some(prepared.raw.hash));
    let origin = Origin { released, raw, ..origin_of(read, active, before)? };
    let chain = Chain { repeats: Repeats::Besides(before.id), ..Chain::live(active) };
    let (mut plan, fresh) = match &prepared.content {
        Content::Mail(content) => {
            let matter = content.matter(&origin, prepared.timing);
            let (plan, fresh) = decide(read, &chain, &matter, before.id, again.now)?;
            (plan, Some(fresh))
        }
        Content::Unreadable { reason } => (quarantine(&origin, before.id, reason.clone(), again.now), None),
    };
    if released && plan.ticket.is_none() {
        let verdict = plan.judged.outcome.sentence();
        return Err(MailRefusal::StillHeld { mail: before.id, verdict }.into());
    }
    sign(&mut plan.judged, before, again.action, again.by, again.now);
    Ok(Planned { plan, fresh, origin })
}
