//! Looks at due mails before they are sent: which go, which wait for an earlier one, which are held or refused.

use super::settle::fail;
use super::thread::free_next;
use super::worker::OutboxParts;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{events, outbox, suppressions};
use jiff::Timestamp;
use maildesk_core::ids::{EventSeq, OutboxId};
use maildesk_core::outbox::order::{Triage, goes_before, triage};
use maildesk_core::outbox::{HoldReason, OutboxEntry, OutboxState};
use maildesk_core::settings::{SenderName, Silent};

/// A mail that a sender's index calls due.
#[derive(Debug)]
pub(super) enum Looked {
    Send(Box<OutboxEntry>),
    /// Not to be sent now.
    Aside,
    /// Settled, cancelled or moved since the index was read.
    Gone,
    /// The store does not give it back, and says why.
    Broken(String),
}

/// Looks at a mail just before it is sent.
pub(super) fn look(
    parts: &OutboxParts,
    sender: &SenderName,
    id: OutboxId,
    now: Timestamp,
) -> Result<Looked, StoreError> {
    let is_due = |entry: &OutboxEntry| entry.sender == *sender && entry.state.due_at().is_some_and(|at| at <= now);
    let entry = match outbox::get(&parts.store, id) {
        Ok(Some(entry)) if is_due(&entry) => entry,
        Ok(Some(_)) => return Ok(Looked::Gone),
        Ok(None) => return Ok(Looked::Broken("its record is missing from the store".into())),
        Err(error) if error.is_damage() => return Ok(Looked::Broken(error.to_string())),
        Err(error) => return Err(error),
    };
    match judge(&parts.store, &entry, parts.silent.as_ref(), now)? {
        Triage::Send => Ok(Looked::Send(Box::new(entry))),
        _ => Ok(Looked::Aside),
    }
}

/// Moves mails that are not to be sent now out of the way, in one commit. Each is judged again within it.
pub(super) async fn put_aside(parts: &OutboxParts, others: Vec<OutboxId>, now: Timestamp) -> Result<(), StoreError> {
    if others.is_empty() {
        return Ok(());
    }
    let silent = parts.silent.clone();
    let job = move |tx: &mut Transaction<'_>| {
        let mut newest = None;
        for id in others {
            newest = write_aside(tx, id, silent.as_ref(), now)?.or(newest);
        }
        Ok::<_, StoreError>(newest)
    };
    if let Some(newest) = parts.store.write(job).await? {
        parts.hub.publish(newest);
    }
    Ok(())
}

fn write_aside(
    tx: &mut Transaction<'_>,
    id: OutboxId,
    silent: Option<&Silent>,
    now: Timestamp,
) -> Result<Option<EventSeq>, StoreError> {
    let Some(mut entry) = outbox::get(tx, id)?.filter(|entry| entry.state.due_at().is_some_and(|at| at <= now)) else {
        return Ok(None);
    };
    match judge(tx, &entry, silent, now)? {
        Triage::Send => Ok(None),
        Triage::Wait { for_mail, until } => {
            entry.waits_for = Some(for_mail);
            entry.state = OutboxState::Due { at: until };
            outbox::put(tx, &entry).map(|()| None)
        }
        Triage::HoldSilent => {
            entry.state = OutboxState::Held { since: now, until: None, reason: HoldReason::Silent };
            outbox::put(tx, &entry).map(|()| None)
        }
        Triage::Suppressed(reason) => {
            let what = fail(tx, &mut entry, reason, now)?;
            outbox::put(tx, &entry)?;
            free_next(tx, &entry, now)?;
            what.into_iter().map(|what| events::append(tx, now, what)).last().transpose()
        }
    }
}

fn judge(
    read: &(impl Read + ?Sized),
    entry: &OutboxEntry,
    silent: Option<&Silent>,
    now: Timestamp,
) -> Result<Triage, StoreError> {
    let suppression = suppressions::get(read, &entry.to)?;
    let waiting = entry.ticket.map(|ticket| outbox::waiting(read, ticket)).transpose()?.unwrap_or_default();
    Ok(triage(entry, silent, suppression.as_ref(), goes_before(entry, &waiting), now))
}
