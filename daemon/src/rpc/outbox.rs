//! The outbox: what waits, what went, what failed; trying again and cancelling.

use super::fault::{Fault, found, read};
use super::once::once;
use super::parts::RpcParts;
use super::views::{outbox_row, rows, to_read};
use crate::store::kv::Transaction;
use crate::store::{audit, events, outbox};
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::OutboxId;
use maildesk_core::outbox::{OutboxEntry, OutboxState};
use maildesk_core::rpc::{OutboxQuery, OutboxRow, OutboxView, RequestKey, Rows, RpcError, Window};
use serde_bytes::ByteBuf;

pub(super) async fn list(parts: &RpcParts, query: OutboxQuery, window: Window) -> Result<Rows<OutboxRow>, Fault> {
    read(&parts.store, move |store| {
        let before = window.after.map(OutboxId);
        let read = outbox::list(store, query.state.as_deref(), before, to_read(window))?;
        Ok(rows(read.iter().map(outbox_row).collect(), window, |row| row.id.0))
    })
    .await
}

pub(super) async fn show(parts: &RpcParts, id: OutboxId) -> Result<OutboxView, Fault> {
    read(&parts.store, move |store| {
        let entry = found(outbox::get(store, id)?, "outbox mail", id)?;
        Ok(OutboxView {
            row: outbox_row(&entry),
            from: entry.from.to_string(),
            message_id: entry.message_id,
            entry: entry.entry,
            attempts: entry.attempts,
        })
    })
    .await
}

pub(super) async fn message(parts: &RpcParts, id: OutboxId) -> Result<ByteBuf, Fault> {
    read(&parts.store, move |store| Ok(ByteBuf::from(found(outbox::message(store, id)?, "outbox mail", id)?))).await
}

/// Sets a waiting or failed mail to be tried now. One that was sent or cancelled is left as it is.
pub(super) async fn retry(parts: &RpcParts, user: String, id: OutboxId, key: RequestKey) -> Result<OutboxRow, Fault> {
    let now = parts.clock.now();
    let work = move |tx: &mut Transaction<'_>| {
        let mut entry = found(outbox::get(tx, id)?, "outbox mail", id)?;
        refuse_ended(&entry, "tried again", |state| {
            matches!(state, OutboxState::Due { .. } | OutboxState::Failed { .. })
        })?;
        entry.state = OutboxState::Due { at: now };
        outbox::put(tx, &entry)?;
        audit::append(tx, now, &user, &format!("retried outbox mail {id}"))?;
        events::append(tx, now, DomainEvent::MailRetried { outbox: id, by: user })?;
        Ok(outbox_row(&entry))
    };
    let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    parts.nudges.outbox.notify_waiters();
    Ok(answer)
}

/// Takes a mail that waits out of the queue for good.
pub(super) async fn cancel(parts: &RpcParts, user: String, id: OutboxId, key: RequestKey) -> Result<OutboxRow, Fault> {
    let now = parts.clock.now();
    let work = move |tx: &mut Transaction<'_>| {
        let mut entry = found(outbox::get(tx, id)?, "outbox mail", id)?;
        refuse_ended(&entry, "cancelled", |state| matches!(state, OutboxState::Due { .. }))?;
        entry.state = OutboxState::Cancelled { at: now, by: user.clone() };
        outbox::put(tx, &entry)?;
        audit::append(tx, now, &user, &format!("cancelled outbox mail {id}"))?;
        events::append(tx, now, DomainEvent::MailCancelled { outbox: id, by: user })?;
        Ok(outbox_row(&entry))
    };
    let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    Ok(answer)
}

fn refuse_ended(entry: &OutboxEntry, what: &str, allowed: impl Fn(&OutboxState) -> bool) -> Result<(), Fault> {
    if allowed(&entry.state) {
        return Ok(());
    }
    let words = format!("mail {} is {} and cannot be {what}", entry.id, entry.state.word());
    Err(RpcError::Rejected(words).into())
}
