//! One mail in doubt, taken alone and step by step, behind all others: what fails now is this mail's fault, or its
//! server's. After enough failures it is listed in quarantine, so that people see it, and nobody waits for it any more.

use super::batch::{BatchParts, Prepared, not_fetched, prepare_scanned, settle_all, submit_all};
use super::doubts::{Doubts, Next};
use super::fetching::{Batch, batches, fetch};
use super::poll::{PollError, Sorted, Taken, withheld};
use crate::clamd::{HARMLESS, scan};
use crate::imap::{FetchedMail, ImapError, ImapSession, MailMeta};
use maildesk_core::diagnosis::FaultKind;
use maildesk_core::ids::Uid;
use maildesk_core::route::Scanned;

/// Takes one mail in; says whether its server refused it.
///
/// # Errors
/// What is not this mail's fault, or not yet known to be.
pub(super) async fn take_alone(
    parts: &BatchParts,
    session: &mut ImapSession,
    uid: Uid,
    taken: &mut Taken,
    doubts: &mut Doubts,
) -> Result<bool, PollError> {
    doubts.look(uid);
    let mut metas = Vec::new();
    if let Err(error) = session.sizes_into(&[uid], &mut metas).await {
        let meta = MailMeta { uid, size: 0, internal_date: None };
        return failed(parts, session, &meta, error, taken, doubts).await;
    }
    if metas.is_empty() {
        // Gone since, and then it is not listed any more; or the server is silent about it.
        taken.withhold(Some(withheld(uid, session.nothing_there().into())));
        return Ok(true);
    }
    let Sorted { done_before, new } = parts.sort_out(metas)?;
    session.mark_seen(&done_before).await?;
    let Some(planned) = batches(new, parts.largest()).into_iter().next() else {
        doubts.clear(uid);
        return Ok(false);
    };
    let mut batch = fetch(session, planned).await;
    if let (Some(error), Some(meta)) = (batch.ended.take(), batch.metas.first()) {
        return failed(parts, session, meta, error, taken, doubts).await;
    }
    if batch.mails.is_empty() {
        taken.withhold(batch.withheld.take().or_else(|| Some(withheld(uid, session.nothing_there().into()))));
        return Ok(true);
    }
    doubts.others_came();
    let Some(prepared) = scanned_alone(parts, batch, taken, doubts).await? else { return Ok(false) };
    take(parts, session, prepared, taken).await?;
    doubts.clear(uid);
    Ok(false)
}

/// The server failed at this mail. A refusal is told, and asked again at the next poll; what ends the connection is
/// borne only so often.
async fn failed(
    parts: &BatchParts,
    session: &mut ImapSession,
    meta: &MailMeta,
    error: ImapError,
    taken: &mut Taken,
    doubts: &mut Doubts,
) -> Result<bool, PollError> {
    if error.kind() == &FaultKind::Throttled {
        return Err(error.into());
    }
    if session.is_usable() {
        taken.withhold(Some(withheld(meta.uid, error.into())));
        return Ok(true);
    }
    let reason = match (doubts.lost_at(meta.uid), error.kind()) {
        // It is known before a byte of it was read, and no second try changes it.
        (_, FaultKind::AnswerTooLarge) => {
            format!("its server announces more than the {} bytes this mailbox takes", parts.largest())
        }
        (Next::SetAside { tries }, _) => format!("its server failed at it {tries} times: {error}"),
        (Next::TryAgain, _) => {
            let shown = withheld(meta.uid, error.clone().into());
            // Where nothing else came, the server is left alone for a growing time.
            return Err(if doubts.others_came_since(meta.uid) { shown } else { error.into() });
        }
    };
    let reason = format!("not fetched: {reason}; it stays unread on its server until it is released");
    tracing::error!(uid = %meta.uid, reason, "a mail is set aside");
    take(parts, session, not_fetched(parts, meta, reason), taken).await?;
    doubts.clear(meta.uid);
    Ok(false)
}

/// Has the mail scanned, right after a harmless one that shows whether the scanner works; `None`: it waits.
async fn scanned_alone(
    parts: &BatchParts,
    batch: Batch,
    taken: &mut Taken,
    doubts: &mut Doubts,
) -> Result<Option<Prepared>, PollError> {
    let mut scanned = Vec::with_capacity(batch.mails.len());
    for (meta, fetched) in batch.mails {
        let Some(mail) = fetched else {
            scanned.push((meta, None));
            continue;
        };
        scan(parts.scanner(), HARMLESS).await?;
        let Some(said) = scanned_or_kept(parts, &meta, &mail, taken, doubts).await? else { return Ok(None) };
        scanned.push((meta, Some((mail, said))));
    }
    prepare_scanned(parts, scanned, batch.fetch).await.map(Some)
}

async fn scanned_or_kept(
    parts: &BatchParts,
    meta: &MailMeta,
    mail: &FetchedMail,
    taken: &mut Taken,
    doubts: &mut Doubts,
) -> Result<Option<Scanned>, PollError> {
    let error = match scan(parts.scanner(), &mail.raw).await {
        Ok(said) => return Ok(Some(said)),
        Err(error) if error.may_be_the_mail() => error,
        Err(error) => return Err(error.into()),
    };
    match doubts.unscanned(meta.uid) {
        Next::TryAgain => {
            taken.withhold(Some(withheld(meta.uid, error.into())));
            Ok(None)
        }
        Next::SetAside { tries } => {
            tracing::error!(uid = %meta.uid, %error, "a mail goes to quarantine unscanned");
            Ok(Some(Scanned::Kept(format!("failed at it {tries} times, and did another right before: {error}"))))
        }
    }
}

/// Commits it, then flags it.
async fn take(
    parts: &BatchParts,
    session: &mut ImapSession,
    prepared: Prepared,
    taken: &mut Taken,
) -> Result<(), PollError> {
    let settled = settle_all(parts, submit_all(parts, prepared).await?).await?;
    taken.judged += settled.judged;
    Ok(session.mark_seen(&settled.seen).await?)
}
