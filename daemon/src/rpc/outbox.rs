//! The outbox: what waits, what went, what failed; verbs for one mail.

use super::fault::{Fault, found, read};
use super::once::once;
use super::parts::RpcParts;
use super::views::{outbox_row, rows, to_read};
use crate::outbox::{ActError, Actor, act};
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{audit, events, outbox};
use maildesk_core::ids::OutboxId;
use maildesk_core::notification::Kind;
use maildesk_core::outbox::{OutboxAction, OutboxQuery};
use maildesk_core::rpc::{OutboxRow, OutboxView, RequestKey, Rows, RpcError, Window};
use serde_bytes::ByteBuf;
use std::sync::Arc;

/// Stands in place of a Message-ID that carries a code.
const HIDDEN: &str = "hidden: it carries the code of an invitation";

pub(super) async fn list(parts: &RpcParts, query: OutboxQuery, window: Window) -> Result<Rows<OutboxRow>, Fault> {
    let (now, sending) = (parts.clock.now(), parts.boards.sending.clone());
    read(&parts.store, move |store| {
        let before = window.after.map(OutboxId);
        let read = outbox::list(store, &query, before, to_read(window), now)?;
        Ok(rows(read.iter().map(|entry| outbox_row(entry, &sending, now)).collect(), window, |row| row.id.0))
    })
    .await
}

/// `codes` says whether the caller may see codes of invitations, one of which is in the Message-ID of its mail.
pub(super) async fn show(parts: &RpcParts, id: OutboxId, codes: Result<(), RpcError>) -> Result<OutboxView, Fault> {
    let (now, sending) = (parts.clock.now(), parts.boards.sending.clone());
    read(&parts.store, move |store| {
        let entry = found(outbox::get(store, id)?, "outbox mail", id)?;
        Ok(OutboxView {
            row: outbox_row(&entry, &sending, now),
            from: entry.from.to_string(),
            message_id: match entry.kind {
                Kind::Invitation if codes.is_err() => HIDDEN.into(),
                _ => entry.message_id,
            },
            entry: entry.entry,
            attempts: entry.attempts,
            attachments: entry.attachments,
        })
    })
    .await
}

/// The mail as it is queued. An invitation makes whoever has its code an agent: it is for those alone who may invite, as
/// `codes` says.
pub(super) async fn message(parts: &RpcParts, id: OutboxId, codes: Result<(), RpcError>) -> Result<ByteBuf, Fault> {
    read(&parts.store, move |store| {
        if found(outbox::get(store, id)?, "outbox mail", id)?.kind == Kind::Invitation {
            codes?;
        }
        Ok(ByteBuf::from(found(outbox::message(store, id)?, "outbox mail", id)?))
    })
    .await
}

/// One verb for one mail.
pub(super) async fn act_once(
    parts: &RpcParts,
    user: String,
    id: OutboxId,
    action: OutboxAction,
    key: RequestKey,
) -> Result<OutboxRow, Fault> {
    let (now, active, sending) = (parts.clock.now(), Arc::clone(&parts.active.borrow()), parts.boards.sending.clone());
    let work = move |tx: &mut Transaction<'_>| -> Result<OutboxRow, Fault> {
        let actor = Actor { by: &user, now, silent: active.settings.desk.silent.as_ref(), sending: &sending };
        let (mail, event) = act(tx, id, &action, &actor)?;
        audit::append(tx, now, &user, &audit_words(&action, &format!("outbox mail {id}")))?;
        events::append(tx, now, event)?;
        Ok(outbox_row(&mail, &sending, now))
    };
    let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    parts.nudges.outbox.notify_waiters();
    Ok(answer)
}

/// How a rehearsal ends: in any case without a commit.
enum Rehearsed {
    Well(Box<OutboxRow>),
    Fault(Fault),
}

impl From<StoreError> for Rehearsed {
    fn from(error: StoreError) -> Self {
        Self::Fault(Fault::Store(error))
    }
}

/// One verb for one mail, as it would go now.
pub(super) async fn rehearse(
    parts: &RpcParts,
    user: String,
    id: OutboxId,
    action: OutboxAction,
) -> Result<OutboxRow, Fault> {
    let (now, active, sending) = (parts.clock.now(), Arc::clone(&parts.active.borrow()), parts.boards.sending.clone());
    let job = move |tx: &mut Transaction<'_>| -> Result<(), Rehearsed> {
        let actor = Actor { by: &user, now, silent: active.settings.desk.silent.as_ref(), sending: &sending };
        let done = act(tx, id, &action, &actor).map_err(|error| Rehearsed::Fault(error.into()))?;
        // An error discards all that the job wrote.
        Err(Rehearsed::Well(Box::new(outbox_row(&done.0, &sending, now))))
    };
    match parts.store.write(job).await {
        Err(Rehearsed::Well(row)) => Ok(*row),
        Err(Rehearsed::Fault(fault)) => Err(fault),
        Ok(()) => Err(Fault::inner("a rehearsal was committed")),
    }
}

/// What the audit log says.
pub(super) fn audit_words(action: &OutboxAction, what: &str) -> String {
    match action {
        OutboxAction::Retry { even_if_suppressed: true } => format!("retry of {what}, even if suppressed"),
        OutboxAction::Redirect { to } => format!("redirect of {what} to {to}"),
        other => format!("{} of {what}", other.word()),
    }
}

impl From<ActError> for Fault {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Store(error) => Self::Store(error),
            ActError::Unknown(id) => Self::not_found("outbox mail", id),
            refused => Self::Told(RpcError::Rejected(refused.to_string())),
        }
    }
}
