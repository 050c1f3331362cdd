//! Entries of tickets, by ticket and number.

use maildesk_core::ids::{EntryNumber, TicketNumber};
use maildesk_core::ticket::{Entry, EntryKind, EntryPlace, Ticket};

use super::clocks;
use super::prefix::ENTRIES;
use super::{places, rows, threads};
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

/// The entry that the ticket knows, or once knew, by this number.
pub fn get(
    read: &(impl Read + ?Sized),
    ticket: TicketNumber,
    number: EntryNumber,
) -> Result<Option<Entry>, StoreError> {
    let place = EntryPlace { ticket, entry: number };
    match written(read, place)? {
        Some(entry) => Ok(Some(entry)),
        None => match places::body(read, place)? {
            lies if lies == place => Ok(None),
            lies => Ok(written(read, lies)?.map(|entry| seen_from(entry, place, lies))),
        },
    }
}

/// The entry of this number, where it stands in the ticket's thread now.
pub fn in_thread(
    read: &(impl Read + ?Sized),
    ticket: &Ticket,
    number: EntryNumber,
) -> Result<Option<Entry>, StoreError> {
    let Some(entry) = get(read, ticket.number, number)? else { return Ok(None) };
    let stands = number.0 > ticket.moves.arranged || places::stands(read, ticket.number, entry.at, number)?;
    Ok(Some(entry).filter(|_| stands))
}

/// What was written to a ticket, by number, whether or not it stands in its thread.
pub fn list(
    read: &(impl Read + ?Sized),
    ticket: TicketNumber,
    after: Option<EntryNumber>,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    let after = after.map(|number| key(ticket, number));
    rows::all::<EntryRecord, Entry>(ENTRIES, read.scan(&ENTRIES.number(ticket.0), after.as_deref(), limit)?)
}

/// A ticket's thread behind the entry of this number.
pub fn thread(
    read: &(impl Read + ?Sized),
    ticket: &Ticket,
    after: Option<EntryNumber>,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    let arranged = EntryNumber(ticket.moves.arranged);
    let mut found = Vec::new();
    if arranged.0 > 0 && after <= Some(arranged) {
        let last = after.map(|number| get(read, ticket.number, number)).transpose()?.flatten();
        let behind = last.map(|entry| (entry.at, entry.number));
        found = all(read, ticket.number, places::arranged(read, ticket.number, behind, limit)?)?;
    }
    if found.len() < limit {
        let after = after.max(Some(arranged));
        found.extend(list(read, ticket.number, after, limit - found.len())?);
    }
    Ok(found)
}

/// The last entries of a ticket's thread, in its order.
pub fn newest(read: &(impl Read + ?Sized), ticket: &Ticket, limit: usize) -> Result<Vec<Entry>, StoreError> {
    let window = u32::try_from(limit).unwrap_or(u32::MAX);
    let after = ticket.entries.saturating_sub(window).max(ticket.moves.arranged);
    let late = list(read, ticket.number, Some(EntryNumber(after)), limit)?;
    if ticket.moves.arranged == 0 || late.len() >= limit {
        return Ok(late);
    }
    let early = places::arranged_last(read, ticket.number, limit - late.len())?;
    Ok(all(read, ticket.number, early)?.into_iter().chain(late).collect())
}

fn all(
    read: &(impl Read + ?Sized),
    ticket: TicketNumber,
    window: Vec<(EntryNumber, EntryPlace)>,
) -> Result<Vec<Entry>, StoreError> {
    let mut found = Vec::with_capacity(window.len());
    for (entry, lies) in window {
        let place = EntryPlace { ticket, entry };
        found.extend(written(read, lies)?.map(|entry| seen_from(entry, place, lies)));
    }
    Ok(found)
}

/// An entry under the number that it has here.
fn seen_from(entry: Entry, place: EntryPlace, lies: EntryPlace) -> Entry {
    Entry { number: place.entry, came_from: (lies.ticket != place.ticket).then_some(lies), ..entry }
}

fn written(read: &(impl Read + ?Sized), place: EntryPlace) -> Result<Option<Entry>, StoreError> {
    rows::load::<EntryRecord, Entry>(read, ENTRIES, &key(place.ticket, place.entry))
}

fn key(ticket: TicketNumber, number: EntryNumber) -> Vec<u8> {
    ENTRIES.key(&[&ticket.0.to_be_bytes(), &number.0.to_be_bytes()])
}
