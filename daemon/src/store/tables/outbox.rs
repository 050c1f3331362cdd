//! Mails to send: by id, by due time, by state, by ticket while they wait, and their MIME bytes.

use jiff::Timestamp;
use maildesk_core::ids::{OutboxId, TicketNumber};
use maildesk_core::outbox::{HoldReason, OutboxEntry, OutboxQuery, OutboxState};
use maildesk_core::settings::SenderName;

use super::counters::{self, Tally};
use super::prefix::{OUTBOX, OUTBOX_BY_STATE, OUTBOX_DUE, OUTBOX_MESSAGES, OUTBOX_WAITING, time_bytes, time_of};
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::OutboxRecord;

/// Sent mails looked at to find one sender's, and read at once.
const SENT_LOOKED_AT: usize = 20_000;
const SENT_AT_ONCE: usize = 500;

pub fn get(read: &(impl Read + ?Sized), id: OutboxId) -> Result<Option<OutboxEntry>, StoreError> {
    rows::load::<OutboxRecord, OutboxEntry>(read, OUTBOX, &OUTBOX.number(id.0))
}

/// Writes an entry whose id was just given, and its MIME bytes.
pub fn add(tx: &mut Transaction<'_>, entry: &OutboxEntry, mime: &[u8]) -> Result<(), StoreError> {
    for key in due_key(entry).into_iter().chain(waiting_key(entry)) {
        tx.put_new(&key, &[])?;
    }
    tx.put_new(&state_key(&entry.state, entry.id), &[])?;
    counters::one_more(tx, tally(&entry.state))?;
    tx.put_new(&OUTBOX_MESSAGES.number(entry.id.0), mime)?;
    rows::add(tx, OUTBOX, &OUTBOX.number(entry.id.0), &OutboxRecord::from(entry.clone()))
}

/// Writes a new entry or replaces the one of this id.
pub fn put(tx: &mut Transaction<'_>, entry: &OutboxEntry) -> Result<(), StoreError> {
    let previous = get(tx, entry.id)?;
    replace(tx, previous, entry)
}

/// As [`put`], where the caller has just read what was there.
pub fn replace(tx: &mut Transaction<'_>, previous: Option<OutboxEntry>, entry: &OutboxEntry) -> Result<(), StoreError> {
    let previous_due = previous.as_ref().and_then(due_key);
    let previous_waiting = previous.as_ref().and_then(waiting_key);
    let previous = previous.map(|previous| previous.state);
    let due = due_key(entry);
    if previous_due != due {
        if let Some(previous_due) = previous_due {
            tx.delete(&previous_due)?;
        }
        if let Some(due) = due {
            tx.put(&due, &[])?;
        }
    }
    let waiting = waiting_key(entry);
    if previous_waiting != waiting {
        if let Some(previous) = previous_waiting {
            tx.delete(&previous)?;
        }
        if let Some(waiting) = waiting {
            tx.put(&waiting, &[])?;
        }
    }
    let previous_byte = previous.as_ref().map(state_byte);
    if previous_byte != Some(state_byte(&entry.state)) {
        if let Some(previous) = previous {
            tx.delete(&state_key(&previous, entry.id))?;
            counters::one_less(tx, tally(&previous))?;
        }
        tx.put(&state_key(&entry.state, entry.id), &[])?;
        counters::one_more(tx, tally(&entry.state))?;
    }
    rows::save(tx, OUTBOX, &OUTBOX.number(entry.id.0), &OutboxRecord::from(entry.clone()))
}

/// What a sender has due until then, to the millisecond, the longest due first. Only the index is read: a mail may
/// have been settled or moved before it is looked at.
pub fn due(
    read: &(impl Read + ?Sized),
    sender: &SenderName,
    until: Timestamp,
    limit: usize,
) -> Result<Vec<OutboxId>, StoreError> {
    let mut due = Vec::new();
    for (key, _) in read.scan(&due_prefix(sender), None, limit)? {
        if due_time(&key)? > time_bytes(until) {
            break;
        }
        due.push(OutboxId(rows::last_number(OUTBOX_DUE, &key)?));
    }
    Ok(due)
}

/// When a sender's next mail is due, in whole milliseconds; nothing while none waits.
pub fn next_due(read: &(impl Read + ?Sized), sender: &SenderName) -> Result<Option<Timestamp>, StoreError> {
    match read.scan(&due_prefix(sender), None, 1)?.first() {
        Some((key, _)) => match time_of(due_time(key)?) {
            Some(at) => Ok(Some(at)),
            None => Err(rows::unusable(OUTBOX_DUE, key, "its time is out of range")),
        },
        None => Ok(None),
    }
}

/// Mails that match, the newest first. A word that is no state finds nothing.
pub fn list(
    read: &(impl Read + ?Sized),
    query: &OutboxQuery,
    before: Option<OutboxId>,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<OutboxEntry>, StoreError> {
    let mut before = before.map(|id| id.0);
    let Some(word) = query.state_word() else {
        let mut found = Vec::new();
        while found.len() < limit {
            let window = rows::newest::<OutboxRecord, OutboxEntry>(read, OUTBOX, before, limit)?;
            let ended = window.len() < limit;
            before = window.last().map(|entry| entry.id.0);
            found.extend(window.into_iter().filter(|entry| query.matches(entry, now)));
            if ended {
                break;
            }
        }
        found.truncate(limit);
        return Ok(found);
    };
    // A hold whose time is over counts as due before its sender has looked at it.
    let bytes = match word {
        "due" => vec![1, 5],
        other => byte_of_word(other).into_iter().collect(),
    };
    let mut found = Vec::new();
    for state in bytes {
        let prefix = OUTBOX_BY_STATE.key(&[&[state]]);
        found.extend(rows::of_index(read, (OUTBOX_BY_STATE, &prefix), (rows::End::Newest, before), limit, |id| {
            Ok(get(read, OutboxId(id))?.filter(|entry| state_byte(&entry.state) == state && query.matches(entry, now)))
        })?);
    }
    found.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    found.truncate(limit);
    Ok(found)
}

/// Mails of a ticket that are still to be sent, in their order; the first hundreds where there are more. None waits for
/// one that cannot be read.
pub fn waiting(read: &(impl Read + ?Sized), ticket: TicketNumber) -> Result<Vec<OutboxEntry>, StoreError> {
    let window = read.scan(&OUTBOX_WAITING.number(ticket.0), None, 500)?;
    let ids = window.iter().map(|(key, _)| rows::last_number(OUTBOX_WAITING, key));
    let mut waiting = Vec::new();
    for id in ids {
        match get(read, OutboxId(id?)) {
            Ok(found) => waiting.extend(found.filter(|entry| entry.state.is_waiting())),
            Err(error) if error.is_damage() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(waiting)
}

/// When the mails of a sender went since then, at most `limit`, the newest first. Looks at the newest of all
/// senders; mails have their numbers from when they were queued, so at more than the limit.
pub fn sent_since(
    read: &(impl Read + ?Sized),
    sender: &SenderName,
    since: Timestamp,
    limit: usize,
) -> Result<Vec<Timestamp>, StoreError> {
    let mut went = Vec::new();
    // What came back was sent all the same.
    for state in [2, 3] {
        let prefix = OUTBOX_BY_STATE.key(&[&[state]]);
        let (mut before, mut looked_at, wanted) = (None, 0, went.len() + limit);
        while went.len() < wanted && looked_at < SENT_LOOKED_AT {
            let window =
                rows::of_index(read, (OUTBOX_BY_STATE, &prefix), (rows::End::Newest, before), SENT_AT_ONCE, |id| {
                    get(read, OutboxId(id))
                })?;
            let Some(last) = window.last() else { break };
            (before, looked_at) = (Some(last.id.0), looked_at + window.len());
            let own = window.iter().filter(|entry| entry.sender == *sender);
            went.extend(own.filter_map(OutboxEntry::taken_at).filter(|at| *at > since));
        }
    }
    went.sort_unstable_by(|a, b| b.cmp(a));
    went.truncate(limit);
    Ok(went)
}

/// Keeps the MIME bytes of a mail. They never change once written.
pub fn put_message(tx: &mut Transaction<'_>, id: OutboxId, message: &[u8]) -> Result<(), StoreError> {
    tx.put(&OUTBOX_MESSAGES.number(id.0), message)
}

/// The MIME bytes of a mail.
pub fn message(read: &(impl Read + ?Sized), id: OutboxId) -> Result<Option<Vec<u8>>, StoreError> {
    read.get(&OUTBOX_MESSAGES.number(id.0))
}

pub(super) fn due_prefix(sender: &SenderName) -> Vec<u8> {
    OUTBOX_DUE.key(&[sender.as_str().as_bytes(), &[0]])
}

fn due_key(entry: &OutboxEntry) -> Option<Vec<u8>> {
    let at = entry.state.due_at()?;
    let name = entry.sender.as_str().as_bytes();
    Some(OUTBOX_DUE.key(&[name, &[0], &time_bytes(at), &entry.id.0.to_be_bytes()]))
}

fn waiting_key(entry: &OutboxEntry) -> Option<Vec<u8>> {
    let ticket = entry.ticket.filter(|_| entry.state.is_waiting())?;
    Some(OUTBOX_WAITING.key(&[&ticket.0.to_be_bytes(), &entry.id.0.to_be_bytes()]))
}

fn due_time(key: &[u8]) -> Result<[u8; 8], StoreError> {
    // The last 16 bytes are time and mail.
    let rest = key.len().checked_sub(16).and_then(|start| key.get(start..));
    rest.and_then(|rest| rest.first_chunk::<8>())
        .copied()
        .ok_or_else(|| rows::unusable(OUTBOX_DUE, key, "its key is too short"))
}

pub(super) fn state_key(state: &OutboxState, id: OutboxId) -> Vec<u8> {
    OUTBOX_BY_STATE.key(&[&[state_byte(state)], &id.0.to_be_bytes()])
}

fn state_byte(state: &OutboxState) -> u8 {
    match state {
        OutboxState::Due { .. } => 1,
        OutboxState::Sent { .. } => 2,
        OutboxState::Failed { .. } => 3,
        OutboxState::Cancelled { .. } => 4,
        OutboxState::Held { .. } => 5,
    }
}

pub(super) fn tally(state: &OutboxState) -> Tally {
    match state {
        OutboxState::Due { .. } => Tally::OutboxDue,
        OutboxState::Held { .. } => Tally::OutboxHeld,
        OutboxState::Sent { .. } => Tally::OutboxSent,
        OutboxState::Failed { .. } => Tally::OutboxFailed,
        OutboxState::Cancelled { .. } => Tally::OutboxCancelled,
    }
}

fn byte_of_word(word: &str) -> Option<u8> {
    let at = Timestamp::UNIX_EPOCH;
    let none = String::new;
    let every = [
        OutboxState::Held { since: at, until: None, reason: HoldReason::Undo },
        OutboxState::Due { at },
        OutboxState::Sent { at, server_said: none() },
        OutboxState::Failed { at, reason: none() },
        OutboxState::Cancelled { at, by: none() },
    ];
    every.iter().find(|state| state.word() == word).map(state_byte)
}
