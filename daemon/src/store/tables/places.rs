//! Where entries stand that merging or splitting moved to another ticket.
//!
//! An entry lies for ever where it was written. Its *home* is the ticket, and the number there, where it stands now.
//! Every number that it ever had leads to it: reply tokens, links and people name entries by any of them. The order of
//! a thread that was changed so is an index of its own, by time, over the numbers up to [`Moves::arranged`]; what is
//! written later follows by number. A ticket that was never merged or split has nothing here and costs no look-up.
//!
//! [`Moves::arranged`]: maildesk_core::ticket::Moves

use jiff::Timestamp;
use maildesk_core::ids::{ContactId, EntryNumber, TicketNumber};
use maildesk_core::ticket::{Entry, EntryPlace, Ticket};

use super::prefix::{ENTRY_BODIES, ENTRY_HOMES, ENTRY_ORDER, Table, time_bytes};
use super::{entries, rows, tickets};
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};

/// Entries read at once while a thread is put in order.
const ENTRIES_AT_ONCE: usize = 100;

/// A ticket that something leads to, and whose it was before merges.
#[derive(Debug, Clone)]
pub struct Reached {
    pub ticket: Ticket,
    /// Requesters of the tickets that lead to it.
    pub formerly: Vec<ContactId>,
}

/// Where an entry lies that a ticket knows by this number.
pub fn body(read: &(impl Read + ?Sized), place: EntryPlace) -> Result<EntryPlace, StoreError> {
    Ok(load(read, ENTRY_BODIES, place)?.unwrap_or(place))
}

/// The ticket that mail to this ticket, about this entry where one is named, belongs to now. Only a ticket that was
/// merged or split costs look-ups.
pub fn reach(read: &(impl Read + ?Sized), ticket: Ticket, entry: Option<EntryNumber>) -> Result<Reached, StoreError> {
    let mut formerly = Vec::new();
    if !ticket.moves.any() {
        return Ok(Reached { ticket, formerly });
    }
    let mut at = ticket;
    if let Some(entry) = entry {
        let lies = body(read, EntryPlace { ticket: at.number, entry })?;
        let home = load(read, ENTRY_HOMES, lies)?.unwrap_or(lies);
        if home.ticket != at.number
            && let Some(ticket) = tickets::get(read, home.ticket)?
        {
            formerly.push(at.contact);
            at = ticket;
        }
    }
    // Tickets lead to others only while those lead nowhere, or on to others: no way leads back.
    while let Some(into) = at.moves.merged_into {
        let Some(ticket) = tickets::get(read, into)? else { break };
        formerly.push(at.contact);
        at = ticket;
    }
    Ok(Reached { ticket: at, formerly })
}

/// Puts what was written to a ticket since the last time into the order of its thread, so that entries can come and go.
/// Changes the ticket, which the caller writes.
pub fn arrange(tx: &mut Transaction<'_>, ticket: &mut Ticket) -> Result<(), StoreError> {
    let mut after = EntryNumber(ticket.moves.arranged);
    loop {
        let window = entries::list(tx, ticket.number, Some(after), ENTRIES_AT_ONCE)?;
        for entry in &window {
            let place = EntryPlace { ticket: ticket.number, entry: entry.number };
            save(tx, &order_key(ticket.number, entry.at, entry.number), place)?;
        }
        match window.last() {
            Some(last) if window.len() == ENTRIES_AT_ONCE => after = last.number,
            _ => break,
        }
    }
    ticket.moves.arranged = ticket.entries;
    Ok(())
}

/// Moves an entry from one arranged ticket to another. What comes home gets the number that it had there; else it gets
/// the next. Changes both tickets, which the caller writes.
pub fn move_entry(
    tx: &mut Transaction<'_>,
    from: &mut Ticket,
    to: &mut Ticket,
    entry: &Entry,
) -> Result<EntryNumber, StoreError> {
    let lies = body(tx, EntryPlace { ticket: from.number, entry: entry.number })?;
    tx.delete(&order_key(from.number, entry.at, entry.number))?;
    from.moves.gone += 1;
    let number = if lies.ticket == to.number {
        tx.delete(&key(ENTRY_HOMES, lies))?;
        to.moves.gone = to.moves.gone.saturating_sub(1);
        lies.entry
    } else {
        to.entries += 1;
        to.moves.arranged = to.entries;
        let place = EntryPlace { ticket: to.number, entry: EntryNumber(to.entries) };
        save(tx, &key(ENTRY_BODIES, place), lies)?;
        save(tx, &key(ENTRY_HOMES, lies), place)?;
        place.entry
    };
    save(tx, &order_key(to.number, entry.at, number), lies)?;
    Ok(number)
}

/// Numbers of the arranged part of a thread behind a time and number, with where the entries lie.
pub(super) fn arranged(
    read: &(impl Read + ?Sized),
    ticket: TicketNumber,
    after: Option<(Timestamp, EntryNumber)>,
    limit: usize,
) -> Result<Vec<(EntryNumber, EntryPlace)>, StoreError> {
    let after = after.map(|(at, number)| order_key(ticket, at, number));
    read.scan(&ENTRY_ORDER.number(ticket.0), after.as_deref(), limit)?.iter().map(numbered).collect()
}

/// As [`arranged`], the last ones; in the order of the thread.
pub(super) fn arranged_last(
    read: &(impl Read + ?Sized),
    ticket: TicketNumber,
    limit: usize,
) -> Result<Vec<(EntryNumber, EntryPlace)>, StoreError> {
    let window = read.scan_back(&ENTRY_ORDER.number(ticket.0), None, limit)?;
    window.iter().rev().map(numbered).collect()
}

/// Whether a ticket's thread has this number now.
pub(super) fn stands(
    read: &(impl Read + ?Sized),
    ticket: TicketNumber,
    at: Timestamp,
    number: EntryNumber,
) -> Result<bool, StoreError> {
    read.contains(&order_key(ticket, at, number))
}

fn numbered((key, value): &(Vec<u8>, Vec<u8>)) -> Result<(EntryNumber, EntryPlace), StoreError> {
    let number = key.last_chunk::<4>().map(|bytes| EntryNumber(u32::from_be_bytes(*bytes)));
    let number = number.ok_or_else(|| rows::unusable(ENTRY_ORDER, key, "its key is too short"))?;
    Ok((number, place_of(ENTRY_ORDER, key, value)?))
}

fn load(read: &(impl Read + ?Sized), table: Table, place: EntryPlace) -> Result<Option<EntryPlace>, StoreError> {
    let key = key(table, place);
    read.get(&key)?.map(|value| place_of(table, &key, &value)).transpose()
}

fn save(tx: &mut Transaction<'_>, key: &[u8], place: EntryPlace) -> Result<(), StoreError> {
    tx.put(key, &[&place.ticket.0.to_be_bytes()[..], &place.entry.0.to_be_bytes()].concat())
}

fn place_of(table: Table, key: &[u8], value: &[u8]) -> Result<EntryPlace, StoreError> {
    let parts = value.split_first_chunk::<8>().and_then(|(ticket, rest)| Some((ticket, rest.first_chunk::<4>()?)));
    let (ticket, entry) = parts.ok_or_else(|| rows::unusable(table, key, "it names no entry"))?;
    let (ticket, entry) = (TicketNumber(u64::from_be_bytes(*ticket)), EntryNumber(u32::from_be_bytes(*entry)));
    Ok(EntryPlace { ticket, entry })
}

fn key(table: Table, place: EntryPlace) -> Vec<u8> {
    table.key(&[&place.ticket.0.to_be_bytes(), &place.entry.0.to_be_bytes()])
}

fn order_key(ticket: TicketNumber, at: Timestamp, number: EntryNumber) -> Vec<u8> {
    ENTRY_ORDER.key(&[&ticket.0.to_be_bytes(), &time_bytes(at), &number.0.to_be_bytes()])
}
