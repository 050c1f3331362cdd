//! One verb for many mails of the outbox, in commits of bounded size.

use super::fault::{Fault, read};
use super::once::answered;
use super::outbox::audit_words;
use super::parts::RpcParts;
use crate::outbox::{ActError, Actor, act};
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{audit, events, outbox, requests};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::OutboxId;
use maildesk_core::outbox::{OutboxAction, OutboxQuery};
use maildesk_core::rpc::{BulkConsent, OutboxBulk, RequestKey, RpcError};
use std::sync::Arc;

/// Mails changed in one commit.
const AT_ONCE: usize = 200;
/// Refusals whose words are given.
const REFUSALS_TOLD: usize = 20;

/// Does it for every mail that matches at this moment; what comes later is left alone.
pub(super) async fn bulk(
    parts: Arc<RpcParts>,
    user: String,
    action: OutboxAction,
    query: OutboxQuery,
    consent: BulkConsent,
    key: RequestKey,
) -> Result<OutboxBulk, Fault> {
    if let OutboxAction::Redirect { .. } = action {
        return Err(RpcError::Rejected("the recipient is changed mail by mail".into()).into());
    }
    if let Some(answer) = answered(&parts.store, &key)? {
        return Ok(answer);
    }
    let now = parts.clock.now();
    let matching = read(&parts.store, move |store| Ok(ids(store, &query, now)?)).await?;
    let matched = matching.len() as u64;
    match consent {
        BulkConsent::Confirmed(wanted) if wanted != matched => {
            let words = format!("{matched} mails match, not {wanted}: repeat it with --confirm {matched}");
            return Err(RpcError::Rejected(words).into());
        }
        BulkConsent::Confirmed(_) | BulkConsent::DryRun => {}
    }
    let dry_run = consent == BulkConsent::DryRun;
    // A task of its own: what is begun is ended, whether or not the caller waits.
    tokio::spawn(async move {
        let mut done = OutboxBulk { matched, ..OutboxBulk::default() };
        for part in matching.chunks(AT_ONCE) {
            let part = Part { ids: part.to_vec(), action: action.clone(), user: user.clone(), now };
            change(&parts, part, dry_run, &mut done).await?;
        }
        if !dry_run {
            finish(&parts, user, &action, done.clone(), key, now).await?;
        }
        Ok(done)
    })
    .await
    .map_err(Fault::inner)?
}

/// The mails that match, the oldest first.
fn ids(store: &impl Read, query: &OutboxQuery, now: Timestamp) -> Result<Vec<OutboxId>, StoreError> {
    let mut ids = Vec::new();
    let mut before = None;
    loop {
        let window = outbox::list(store, query, before, AT_ONCE, now)?;
        ids.extend(window.iter().map(|entry| entry.id));
        before = ids.last().copied();
        if window.len() < AT_ONCE {
            ids.reverse();
            return Ok(ids);
        }
    }
}

/// The mails of one commit.
struct Part {
    ids: Vec<OutboxId>,
    action: OutboxAction,
    user: String,
    now: Timestamp,
}

/// How one commit ends.
enum End {
    /// It was a rehearsal: nothing is kept.
    Discard(Outcome),
    Fault(StoreError),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Fault(error)
    }
}

/// Mails changed, and the words of those that could not be.
type Outcome = (u64, Vec<String>);

async fn change(parts: &RpcParts, part: Part, dry_run: bool, done: &mut OutboxBulk) -> Result<(), Fault> {
    let (active, sending) = (Arc::clone(&parts.active.borrow()), parts.boards.sending.clone());
    let job = move |tx: &mut Transaction<'_>| -> Result<Outcome, End> {
        let silent = active.settings.desk.silent.as_ref();
        let actor = Actor { by: &part.user, now: part.now, silent, sending: &sending };
        let (mut changed, mut refused) = (0, Vec::new());
        for id in part.ids {
            match act(tx, id, &part.action, &actor) {
                Ok(_) => changed += 1,
                Err(ActError::Store(error)) => return Err(End::Fault(error)),
                Err(error) => refused.push(error.to_string()),
            }
        }
        if dry_run { Err(End::Discard((changed, refused))) } else { Ok((changed, refused)) }
    };
    let (changed, refused) = match parts.store.write(job).await {
        Ok(outcome) | Err(End::Discard(outcome)) => outcome,
        Err(End::Fault(error)) => return Err(error.into()),
    };
    done.changed += changed;
    done.refused.extend(refused);
    done.refused.truncate(REFUSALS_TOLD);
    Ok(())
}

/// One line in the audit log and one event for all.
async fn finish(
    parts: &RpcParts,
    user: String,
    action: &OutboxAction,
    done: OutboxBulk,
    key: RequestKey,
    now: Timestamp,
) -> Result<(), Fault> {
    let words = audit_words(action, &format!("{} mails of the outbox", done.changed));
    let action = action.word().to_owned();
    let answer = serde_json::to_vec(&done).map_err(Fault::inner)?;
    let job = move |tx: &mut Transaction<'_>| {
        audit::append(tx, now, &user, &words)?;
        requests::put(tx, &key, now, &answer)?;
        events::append(tx, now, DomainEvent::OutboxBulk { action, mails: done.changed, by: user })
    };
    let newest = parts.store.write(job).await.map_err(|error: StoreError| Fault::from(error))?;
    parts.hub.publish(newest);
    parts.nudges.outbox.notify_waiters();
    Ok(())
}
