//! Mails that cannot be sent because the store does not give them back: each ends with its reason, where people see it,
//! and the others go.

use super::settle::fail;
use super::thread::free_next;
use super::worker::OutboxParts;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{events, outbox, outbox_repair};
use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::ids::{EventSeq, OutboxId};
use maildesk_core::notification::Kind;
use maildesk_core::outbox::OutboxEntry;
use maildesk_core::settings::{Sender, SenderName};

/// Stands where the recipient of a mail is not known any more.
const NOBODY: &str = "unknown@record.invalid";

/// A mail that the store does not give back, and why.
pub(super) type Broken = (OutboxId, String);

/// Ends these mails of a sender, each in a commit of its own.
pub(super) async fn end_all(parts: &OutboxParts, sender: &Sender, broken: Vec<Broken>) -> Result<(), StoreError> {
    for (id, why) in broken {
        tracing::error!(outbox = %id, sender = %sender.name, why, "a mail cannot be read in the store and is given up");
        let (now, name, from) = (parts.clock.now(), sender.name.clone(), sender.from.clone());
        let job = move |tx: &mut Transaction<'_>| end(tx, &name, &from, id, why, now);
        if let Some(newest) = parts.store.write(job).await? {
            parts.hub.publish(newest);
        }
    }
    Ok(())
}

fn end(
    tx: &mut Transaction<'_>,
    sender: &SenderName,
    from: &Address,
    id: OutboxId,
    why: String,
    now: Timestamp,
) -> Result<Option<EventSeq>, StoreError> {
    let reason = format!("it cannot be sent: {why}");
    let (mut entry, readable) = match outbox::get(tx, id) {
        // Settled, put off or moved meanwhile.
        Ok(Some(entry)) if entry.sender != *sender || entry.state.due_at().is_none_or(|at| at > now) => {
            return Ok(None);
        }
        Ok(Some(entry)) => (entry, true),
        Ok(None) => (unknown(tx, sender, from, id, now)?, false),
        Err(error) if error.is_damage() => (unknown(tx, sender, from, id, now)?, false),
        Err(error) => return Err(error),
    };
    let happened = fail(tx, &mut entry, reason, now)?;
    if readable {
        outbox::put(tx, &entry)?;
    } else {
        outbox_repair::stand_in(tx, &entry)?;
    }
    free_next(tx, &entry, now)?;
    happened.into_iter().map(|what| events::append(tx, now, what)).last().transpose()
}

/// What stands in the outbox for a mail of which only the number is known, and perhaps its ticket.
fn unknown(
    tx: &Transaction<'_>,
    sender: &SenderName,
    from: &Address,
    id: OutboxId,
    now: Timestamp,
) -> Result<OutboxEntry, StoreError> {
    let nobody = Address::parse(NOBODY).unwrap_or_else(|_| from.clone());
    let (message_id, name) = (format!("unknown.{id}@record.invalid"), sender.clone());
    let entry = OutboxEntry::begun(id, Kind::AgentReply, name, from.clone(), nobody, message_id, now);
    Ok(OutboxEntry { ticket: outbox_repair::ticket_of(tx, id)?, ..entry })
}
