//! Tickets by number, by status, by the moment they are to be looked at, and by what is due.

use jiff::Timestamp;
use maildesk_core::ids::TicketNumber;
use maildesk_core::ticket::{Status, Ticket};

use super::counters::{self, Tally};
use super::prefix::{TICKETS, TICKETS_BY_DUE, TICKETS_BY_STATUS, TICKETS_BY_WAKE, Table, time_bytes, time_of};
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::TicketRecord;

pub fn get(read: &(impl Read + ?Sized), number: TicketNumber) -> Result<Option<Ticket>, StoreError> {
    rows::load::<TicketRecord, Ticket>(read, TICKETS, &TICKETS.number(number.0))
}

/// Writes a new ticket or replaces the one of this number.
pub fn put(tx: &mut Transaction<'_>, ticket: &Ticket) -> Result<(), StoreError> {
    let before = get(tx, ticket.number)?;
    let previous = before.as_ref().map(|previous| status_byte(&previous.status));
    let status = status_byte(&ticket.status);
    if previous != Some(status) {
        if let Some(previous) = previous {
            tx.delete(&index_key(previous, ticket.number))?;
        }
        tx.put(&index_key(status, ticket.number), &[])?;
    }
    let clocks = before.as_ref().map(|before| &before.clocks);
    let (old_wake, old_due) = (clocks.and_then(|clocks| clocks.wake), clocks.and_then(|clocks| clocks.due()));
    move_in(tx, TICKETS_BY_WAKE, ticket.number, old_wake, ticket.clocks.wake)?;
    move_in(tx, TICKETS_BY_DUE, ticket.number, old_due, ticket.clocks.due())?;
    if previous.is_none() {
        counters::one_more(tx, Tally::Tickets)?;
    }
    rows::save(tx, TICKETS, &TICKETS.number(ticket.number.0), &TicketRecord::from(ticket.clone()))
}

/// Moves a ticket within an index by time.
fn move_in(
    tx: &mut Transaction<'_>,
    index: Table,
    number: TicketNumber,
    old: Option<Timestamp>,
    new: Option<Timestamp>,
) -> Result<(), StoreError> {
    if old == new {
        return Ok(());
    }
    if let Some(old) = old {
        tx.delete(&time_key(index, old, number))?;
    }
    match new {
        Some(new) => tx.put(&time_key(index, new, number), &[]),
        None => Ok(()),
    }
}

fn time_key(index: Table, at: Timestamp, number: TicketNumber) -> Vec<u8> {
    index.key(&[&time_bytes(at), &number.0.to_be_bytes()])
}

/// Tickets that are to be looked at by then, to the millisecond, the longest due first.
pub fn waking(read: &(impl Read + ?Sized), until: Timestamp, limit: usize) -> Result<Vec<TicketNumber>, StoreError> {
    let window = read.scan(&TICKETS_BY_WAKE.all(), None, limit)?;
    let mut numbers = Vec::new();
    for (key, _) in &window {
        if key.get(1..9).is_none_or(|time| time > time_bytes(until).as_slice()) {
            break;
        }
        numbers.push(TicketNumber(rows::last_number(TICKETS_BY_WAKE, key)?));
    }
    Ok(numbers)
}

/// When the next ticket is to be looked at, in whole milliseconds.
pub fn next_wake(read: &(impl Read + ?Sized)) -> Result<Option<Timestamp>, StoreError> {
    let window = read.scan(&TICKETS_BY_WAKE.all(), None, 1)?;
    let time = window.first().and_then(|(key, _)| key.get(1..9)?.first_chunk::<8>().copied());
    Ok(time.and_then(time_of))
}

/// Tickets with a promise that runs, what ends first before what ends later, behind `after`.
pub fn by_due(
    read: &(impl Read + ?Sized),
    after: Option<TicketNumber>,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    let behind = after.map(|number| get(read, number)).transpose()?.flatten();
    let behind = behind.and_then(|ticket| Some(time_key(TICKETS_BY_DUE, ticket.clocks.due()?, ticket.number)));
    // The last ticket that was seen runs no more: its place is gone, and the list ends here.
    if after.is_some() && behind.is_none() {
        return Ok(Vec::new());
    }
    let window = read.scan(&TICKETS_BY_DUE.all(), behind.as_deref(), limit)?;
    let mut found = Vec::new();
    for (key, _) in &window {
        found.extend(get(read, TicketNumber(rows::last_number(TICKETS_BY_DUE, key)?))?);
    }
    Ok(found)
}

/// Tickets of a status word, or all, the newest number first. A word that is no status finds nothing.
pub fn list(
    read: &(impl Read + ?Sized),
    status: Option<&str>,
    before: Option<TicketNumber>,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    let before = before.map(|number| number.0);
    let Some(word) = status else {
        return rows::newest::<TicketRecord, Ticket>(read, TICKETS, before, limit);
    };
    let Some(status) = byte_of_word(word) else { return Ok(Vec::new()) };
    let prefix = TICKETS_BY_STATUS.key(&[&[status]]);
    rows::newest_of_index(read, TICKETS_BY_STATUS, &prefix, before, limit, |number| {
        Ok(get(read, TicketNumber(number))?.filter(|ticket| status_byte(&ticket.status) == status))
    })
}

fn index_key(status: u8, number: TicketNumber) -> Vec<u8> {
    TICKETS_BY_STATUS.key(&[&[status], &number.0.to_be_bytes()])
}

fn status_byte(status: &Status) -> u8 {
    match status {
        Status::New => 1,
        Status::Open => 2,
        Status::Pending { until: _ } => 3,
        Status::Resolved { at: _ } => 4,
        Status::Closed { at: _ } => 5,
    }
}

fn byte_of_word(word: &str) -> Option<u8> {
    let at = Timestamp::UNIX_EPOCH;
    let every =
        [Status::New, Status::Open, Status::Pending { until: None }, Status::Resolved { at }, Status::Closed { at }];
    every.iter().find(|status| status.word() == word).map(status_byte)
}
