//! Entries of tickets, by ticket and number.

use maildesk_core::ids::{EntryNumber, TicketNumber};
use maildesk_core::ticket::{Entry, EntryKind};

use super::clocks;
use super::prefix::ENTRIES;
use super::{rows, threads};
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::EntryRecord;

/// The first entry of a ticket.
const OPENING: EntryNumber = EntryNumber(1);

/// Writes an entry whose number was just given. What answers its mail finds the ticket from now on, but not by the mail
/// of somebody who has no part in it.
pub fn add(tx: &mut Transaction<'_>, ticket: TicketNumber, entry: &Entry) -> Result<(), StoreError> {
    if let Some(message_id) = threaded_by(entry) {
        match entry.number {
            OPENING => threads::add(tx, message_id, ticket)?,
            _ => threads::put(tx, message_id, ticket)?,
        }
    }
    clocks::entry_written(tx, ticket, entry)?;
    rows::add(tx, ENTRIES, &key(ticket, entry.number), &EntryRecord::from(entry.clone()))
}

/// Writes a new entry or replaces the one of this number.
pub fn put(tx: &mut Transaction<'_>, ticket: TicketNumber, entry: &Entry) -> Result<(), StoreError> {
    let key = key(ticket, entry.number);
    if !tx.contains(&key)? {
        return add(tx, ticket, entry);
    }
    if let Some(message_id) = threaded_by(entry) {
        threads::put(tx, message_id, ticket)?;
    }
    rows::save(tx, ENTRIES, &key, &EntryRecord::from(entry.clone()))
}

fn threaded_by(entry: &Entry) -> Option<&str> {
    entry.message_id.as_deref().filter(|_| entry.kind != EntryKind::UnverifiedNote)
}

pub fn get(
    read: &(impl Read + ?Sized),
    ticket: TicketNumber,
    number: EntryNumber,
) -> Result<Option<Entry>, StoreError> {
    rows::load::<EntryRecord, Entry>(read, ENTRIES, &key(ticket, number))
}

/// A ticket's entries in their order.
pub fn list(
    read: &(impl Read + ?Sized),
    ticket: TicketNumber,
    after: Option<EntryNumber>,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    let after = after.map(|number| key(ticket, number));
    rows::all::<EntryRecord, Entry>(ENTRIES, read.scan(&ENTRIES.number(ticket.0), after.as_deref(), limit)?)
}

fn key(ticket: TicketNumber, number: EntryNumber) -> Vec<u8> {
    ENTRIES.key(&[&ticket.0.to_be_bytes(), &number.0.to_be_bytes()])
}
