//! Mails to send whose record is missing or cannot be read: what the indexes still say of one, and what takes its place.

use jiff::Timestamp;
use maildesk_core::ids::{OutboxId, TicketNumber};
use maildesk_core::outbox::{HoldReason, OutboxEntry, OutboxState};

use super::counters;
use super::outbox::{due_prefix, replace, state_key, tally};
use super::prefix::{OUTBOX, OUTBOX_UNREADABLE, OUTBOX_WAITING};
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};

/// Index keys read at once.
const AT_ONCE: usize = 1000;

/// The ticket that a mail without a readable record belongs to, where it waits on one.
pub fn ticket_of(read: &(impl Read + ?Sized), id: OutboxId) -> Result<Option<TicketNumber>, StoreError> {
    let keys = keys_of(read, &OUTBOX_WAITING.all(), id)?;
    let number = keys.first().and_then(|key| key.get(1..9)?.first_chunk::<8>());
    Ok(number.map(|bytes| TicketNumber(u64::from_be_bytes(*bytes))))
}

/// Writes an entry in place of one whose record is missing or cannot be read. Its bytes, where there are any, are kept
/// aside.
pub fn stand_in(tx: &mut Transaction<'_>, entry: &OutboxEntry) -> Result<(), StoreError> {
    for index in [&due_prefix(&entry.sender)[..], &OUTBOX_WAITING.all()] {
        keys_of(tx, index, entry.id)?.iter().try_for_each(|key| tx.delete(key))?;
    }
    let (at, none) = (Timestamp::UNIX_EPOCH, String::new);
    for state in [
        OutboxState::Held { since: at, until: None, reason: HoldReason::Undo },
        OutboxState::Due { at },
        OutboxState::Sent { at, server_said: none() },
        OutboxState::Failed { at, reason: none() },
        OutboxState::Cancelled { at, by: none() },
    ] {
        let key = state_key(&state, entry.id);
        if tx.contains(&key)? {
            tx.delete(&key)?;
            counters::one_less(tx, tally(&state))?;
        }
    }
    match tx.get(&OUTBOX.number(entry.id.0)) {
        Ok(Some(bytes)) => tx.put(&OUTBOX_UNREADABLE.number(entry.id.0), &bytes)?,
        Ok(None) => {}
        Err(error) if error.is_damage() => {}
        Err(error) => return Err(error),
    }
    replace(tx, None, entry)
}

/// The keys of an index that end with this mail.
fn keys_of(read: &(impl Read + ?Sized), prefix: &[u8], id: OutboxId) -> Result<Vec<Vec<u8>>, StoreError> {
    let (mut found, mut after): (Vec<Vec<u8>>, Option<Vec<u8>>) = (Vec::new(), None);
    loop {
        let window = read.scan(prefix, after.as_deref(), AT_ONCE)?;
        let ended = window.len() < AT_ONCE;
        for (key, _) in window {
            if rows::last_number(OUTBOX, &key)? == id.0 {
                found.push(key.clone());
            }
            after = Some(key);
        }
        if ended {
            return Ok(found);
        }
    }
}

/// For tests: makes the record of a mail unreadable, or takes it away.
#[cfg(test)]
pub(crate) fn damage(tx: &mut Transaction<'_>, id: OutboxId, bytes: Option<&[u8]>) -> Result<(), StoreError> {
    match bytes {
        Some(bytes) => tx.put(&OUTBOX.number(id.0), bytes),
        None => tx.delete(&OUTBOX.number(id.0)),
    }
}

/// For tests: takes the MIME bytes of a mail away.
#[cfg(test)]
pub(crate) fn lose_message(tx: &mut Transaction<'_>, id: OutboxId) -> Result<(), StoreError> {
    tx.delete(&super::prefix::OUTBOX_MESSAGES.number(id.0))
}
