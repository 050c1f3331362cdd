//! Tickets by number and by status.

use jiff::Timestamp;
use maildesk_core::ids::TicketNumber;
use maildesk_core::ticket::{Status, Ticket};

use super::clocks;
use super::counters::{self, Tally};
use super::prefix::{TICKETS, TICKETS_BY_STATUS};
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::TicketRecord;

pub fn get(read: &(impl Read + ?Sized), number: TicketNumber) -> Result<Option<Ticket>, StoreError> {
    rows::load::<TicketRecord, Ticket>(read, TICKETS, &TICKETS.number(number.0))
}

/// Writes a ticket whose number was just given.
pub fn add(tx: &mut Transaction<'_>, ticket: &Ticket) -> Result<(), StoreError> {
    clocks::ticket_opened(tx, ticket)?;
    counters::one_more(tx, Tally::Tickets)?;
    tx.put_new(&index_key(status_byte(&ticket.status), ticket.number), &[])?;
    rows::add(tx, TICKETS, &TICKETS.number(ticket.number.0), &TicketRecord::from(ticket.clone()))
}

/// Writes a new ticket or replaces the one of this number.
pub fn put(tx: &mut Transaction<'_>, ticket: &Ticket) -> Result<(), StoreError> {
    let Some(before) = get(tx, ticket.number)? else { return add(tx, ticket) };
    clocks::ticket_changed(tx, &before, ticket)?;
    let (previous, status) = (status_byte(&before.status), status_byte(&ticket.status));
    if previous != status {
        tx.delete(&index_key(previous, ticket.number))?;
        tx.put(&index_key(status, ticket.number), &[])?;
    }
    rows::save(tx, TICKETS, &TICKETS.number(ticket.number.0), &TicketRecord::from(ticket.clone()))
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
    rows::of_index(read, (TICKETS_BY_STATUS, &prefix), (rows::End::Newest, before), limit, |number| {
        Ok(get(read, TicketNumber(number))?.filter(|ticket| status_byte(&ticket.status) == status))
    })
}

/// As [`list`], the lowest number first.
pub fn list_oldest(
    read: &(impl Read + ?Sized),
    status: Option<&str>,
    after: Option<TicketNumber>,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    let after = after.map(|number| number.0);
    let Some(word) = status else {
        return rows::oldest::<TicketRecord, Ticket>(read, TICKETS, after, limit);
    };
    let Some(status) = byte_of_word(word) else { return Ok(Vec::new()) };
    let prefix = TICKETS_BY_STATUS.key(&[&[status]]);
    rows::of_index(read, (TICKETS_BY_STATUS, &prefix), (rows::End::Oldest, after), limit, |number| {
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
