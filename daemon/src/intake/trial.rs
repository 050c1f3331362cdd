//! What would become of a mail: of bytes that somebody gives, and of a kept mail under other rules. The chain is that
//! of live intake; nothing is written.

use super::batch::too_large;
use super::decide::{Chain, Matter, Repeats, decide};
use super::poll::was_there_before;
use super::prepare::{ReadMail, described, read_mail};
use crate::active::Active;
use crate::store::counters::{self, Counter};
use crate::store::error::StoreError;
use crate::store::kv::Read;
use crate::store::{Store, mailboxes};
use jiff::Timestamp;
use maildesk_core::filter::CompiledFilters;
use maildesk_core::ids::{BlobHash, MailId, Uid, UidValidity};
use maildesk_core::mail::{BlockList, InboundMail, Limits};
use maildesk_core::route::{JudgedMail, Kept, Origin, Scanned, Timing, quarantine};
use maildesk_core::settings::Mailbox;
use maildesk_core::verdict::SenderCheck;

/// What mails are tried against.
pub struct Trial<'a> {
    pub store: &'a Store,
    pub active: &'a Active,
    pub filters: &'a CompiledFilters,
}

/// Judges bytes as if they came in now by this mailbox. Blocks.
///
/// # Errors
/// The store cannot be read.
pub fn try_mail(
    trial: &Trial<'_>,
    mailbox: &Mailbox,
    (raw, checked): (&[u8], Option<SenderCheck>),
    now: Timestamp,
) -> Result<JudgedMail, StoreError> {
    let size = raw.len() as u64;
    let origin = Origin {
        mailbox: mailbox.name.clone(),
        uid_validity: UidValidity(0),
        uid: Uid(0),
        received: None,
        old: false,
        acknowledge: mailbox.acknowledge,
        released: false,
        size,
        raw: None,
    };
    let id = MailId(counters::last(trial.store, Counter::Mail)? + 1);
    if size > mailbox.max_mail_bytes {
        return Ok(quarantine(&origin, id, too_large(size, mailbox.max_mail_bytes), now).judged);
    }
    let parsed = ReadOnce::of(raw, (Scanned::NotAsked, checked), trial.active);
    parsed.judge(trial, trial.filters, Repeats::Stored, &origin, id, now)
}

/// Judges a kept mail anew, twice: under the tried rules, and under those in force. `raw` are its bytes. Look-ups are
/// against the store as it is now; whether the mail repeats another and what was found about its sender are taken from
/// its verdict, and its time is that of its verdict. Blocks.
///
/// # Errors
/// The store cannot be read.
pub fn rejudge(trial: &Trial<'_>, judged: &JudgedMail, raw: &[u8]) -> Result<(JudgedMail, JudgedMail), StoreError> {
    let origin = origin_of(trial.store, trial.active, judged)?;
    let repeats = Repeats::Known(judged.outcome.repeats());
    let wanted = trial.active.checks_senders(&judged.mailbox);
    let known = (Scanned::of_verdict(&judged.outcome), judged.checked.clone().filter(|_| wanted));
    let parsed = ReadOnce::of(raw, known, trial.active);
    let under = |filters| parsed.judge(trial, filters, repeats, &origin, judged.id, judged.at);
    Ok((under(trial.filters)?, under(&trial.active.filters)?))
}

/// Where a kept mail came from.
pub(super) fn origin_of(read: &impl Read, active: &Active, judged: &JudgedMail) -> Result<Origin, StoreError> {
    let mailbox = active.settings.mailbox(&judged.mailbox);
    let state = mailboxes::get(read, &judged.mailbox)?;
    let before = |state| was_there_before(&state, judged.uid_validity, judged.uid, judged.received);
    Ok(Origin {
        mailbox: judged.mailbox.clone(),
        uid_validity: judged.uid_validity,
        uid: judged.uid,
        received: judged.received,
        old: state.is_some_and(before),
        // A mailbox that is gone says nothing any more; then as it was.
        acknowledge: mailbox.map_or(judged.effect.acknowledge, |mailbox| mailbox.acknowledge),
        released: false,
        size: judged.size,
        raw: judged.raw,
    })
}

/// A mail read once, to be judged several times.
struct ReadOnce {
    read: Result<(ReadMail, Kept), String>,
    timing: Timing,
}

impl ReadOnce {
    fn of(raw: &[u8], (scanned, checked): (Scanned, Option<SenderCheck>), active: &Active) -> Self {
        let (read, timing) = read_mail(raw, checked, active, &Limits::default());
        let blocked = active.settings.judging.blocked_attachments.as_ref();
        let with_kept = |read: ReadMail| {
            let kept = Kept { scanned, ..would_keep(&read.mail, blocked) };
            (read, kept)
        };
        Self { read: read.map(with_kept), timing }
    }

    fn judge(
        &self,
        trial: &Trial<'_>,
        filters: &CompiledFilters,
        repeats: Repeats,
        origin: &Origin,
        id: MailId,
        now: Timestamp,
    ) -> Result<JudgedMail, StoreError> {
        match &self.read {
            Ok((ReadMail { mail, facts, wanted }, kept)) => {
                let chain = Chain { filters, desk: trial.active.rules(), repeats };
                let matter = Matter { mail, facts, wanted, origin, kept, filtered: None, timing: self.timing };
                let (plan, _) = decide(trial.store, &chain, &matter, id, now)?;
                Ok(plan.judged)
            }
            Err(reason) => {
                let judged = quarantine(origin, id, reason.clone(), now).judged;
                Ok(JudgedMail { timing: self.timing, ..judged })
            }
        }
    }
}

/// What would come into a ticket; no blob is written.
fn would_keep(mail: &InboundMail, blocked: Option<&BlockList>) -> Kept {
    let mut kept = Kept::default();
    for attachment in &mail.attachments {
        match blocked.and_then(|list| list.blocks(attachment)) {
            Some(why) => kept.left_out.push(Kept::blocked(&attachment.name, &why)),
            None => {
                let (size, hash) = (attachment.content.len() as u64, BlobHash::of(&attachment.content));
                kept.attachments.push(described(attachment, size, hash));
            }
        }
    }
    kept
}
