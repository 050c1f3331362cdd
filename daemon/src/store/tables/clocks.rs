//! The clocks of tickets: what happened to them, what was told, when to look again, and which ticket is due first.
//!
//! Every commit that changes a ticket or its thread writes what moves clocks here, and that they want a look; the
//! worker of timers looks. So nothing that happens to a ticket can pass its clocks by.

use jiff::Timestamp;
use maildesk_core::ids::{EntryNumber, TicketNumber};
use maildesk_core::sla::{History, Kept, What};
use maildesk_core::ticket::{Author, Entry, EntryKind, Status, Ticket};

use super::prefix::{CLOCKS, CLOCKS_DUE, CLOCKS_PLANS, CLOCKS_TO_LOOK_AT, Table, time_bytes, time_of};
use super::{entries, rows};
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::ClocksRecord;

/// Entries read at once for the history of a ticket that has none.
const ENTRIES_AT_ONCE: usize = 100;
/// Before everything: a look is wanted now.
const NOW: Timestamp = Timestamp::UNIX_EPOCH;

pub fn get(read: &(impl Read + ?Sized), ticket: TicketNumber) -> Result<Option<Kept>, StoreError> {
    rows::load::<ClocksRecord, Kept>(read, CLOCKS, &CLOCKS.number(ticket.0))
}

/// Writes what is kept of a ticket's clocks.
pub fn put(tx: &mut Transaction<'_>, ticket: TicketNumber, kept: &Kept) -> Result<(), StoreError> {
    let previous = get(tx, ticket)?.unwrap_or_default();
    move_key(tx, CLOCKS_TO_LOOK_AT, ticket, previous.look_at, kept.look_at)?;
    move_key(tx, CLOCKS_DUE, ticket, due_of(&previous), due_of(kept))?;
    rows::save(tx, CLOCKS, &CLOCKS.number(ticket.0), &ClocksRecord::from(kept.clone()))
}

/// A ticket was opened: what that means for its clocks. Where nothing is promised it has none until something happens
/// to it: what it is made of then is all in the ticket and its thread.
pub(super) fn ticket_opened(tx: &mut Transaction<'_>, ticket: &Ticket) -> Result<(), StoreError> {
    let what = what_of(&ticket.status);
    if what == What::Working && policies(tx)?.is_some_and(|policies| !policies.promise) {
        return Ok(());
    }
    let mut kept = Kept { look_at: Some(NOW), ..Kept::default() };
    kept.history.add(ticket.created, What::Opened);
    kept.history.add(ticket.updated, what);
    tx.put_new(&key(CLOCKS_TO_LOOK_AT, NOW, ticket.number), &[])?;
    rows::add(tx, CLOCKS, &CLOCKS.number(ticket.number.0), &ClocksRecord::from(kept))
}

/// A ticket was changed: what that means for its clocks.
pub(super) fn ticket_changed(tx: &mut Transaction<'_>, before: &Ticket, ticket: &Ticket) -> Result<(), StoreError> {
    let same_choice = (before.priority, before.customer, &before.mailbox, &before.tags)
        == (ticket.priority, ticket.customer, &ticket.mailbox, &ticket.tags);
    if same_choice && before.status == ticket.status {
        return Ok(());
    }
    let mut kept = match get(tx, ticket.number)? {
        Some(kept) => kept,
        None => Kept { history: history_of(tx, before)?, ..Kept::default() },
    };
    kept.history.add(ticket.created, What::Opened);
    kept.history.add(ticket.updated, what_of(&ticket.status));
    kept.look_at = Some(NOW);
    put(tx, ticket.number, &kept)
}

/// A new entry was written to a ticket's thread: what that means for its clocks.
pub(super) fn entry_written(tx: &mut Transaction<'_>, ticket: TicketNumber, entry: &Entry) -> Result<(), StoreError> {
    let Some(what) = what_was_said(entry) else { return Ok(()) };
    // Without a ticket there are no clocks.
    let Some(mut kept) = get(tx, ticket)? else { return Ok(()) };
    if kept.history.add(entry.at, what) {
        kept.look_at = Some(NOW);
        put(tx, ticket, &kept)?;
    }
    Ok(())
}

/// The customer of a ticket waits for an answer since then, whoever it was that wrote.
pub fn customer_waits(tx: &mut Transaction<'_>, ticket: TicketNumber, since: Timestamp) -> Result<(), StoreError> {
    let Some(mut kept) = get(tx, ticket)? else { return Ok(()) };
    if kept.history.add(since, What::Spoke) {
        kept.look_at = Some(NOW);
        put(tx, ticket, &kept)?;
    }
    Ok(())
}

/// Lets a ticket be looked at now, by the policies of now.
pub fn look_again(tx: &mut Transaction<'_>, ticket: &Ticket) -> Result<(), StoreError> {
    let mut kept = match get(tx, ticket.number)? {
        Some(kept) => kept,
        None => Kept { history: history_of(tx, ticket)?, ..Kept::default() },
    };
    kept.look_at = Some(NOW);
    put(tx, ticket.number, &kept)
}

/// Forgets the clocks of a ticket that is not there any more.
pub fn forget(tx: &mut Transaction<'_>, ticket: TicketNumber) -> Result<(), StoreError> {
    put(tx, ticket, &Kept::default())?;
    tx.delete(&CLOCKS.number(ticket.0))
}

/// Tickets that want a look until then, the longest waiting first.
pub fn to_look_at(
    read: &(impl Read + ?Sized),
    until: Timestamp,
    limit: usize,
) -> Result<Vec<TicketNumber>, StoreError> {
    let window = read.scan(&CLOCKS_TO_LOOK_AT.all(), None, limit)?;
    let due = window.iter().take_while(|(key, _)| key.get(1..9).is_some_and(|time| *time <= time_bytes(until)[..]));
    due.map(|(key, _)| rows::last_number(CLOCKS_TO_LOOK_AT, key).map(TicketNumber)).collect()
}

/// When the next ticket wants a look; nothing while none does.
pub fn next_look(read: &(impl Read + ?Sized)) -> Result<Option<Timestamp>, StoreError> {
    let window = read.scan(&CLOCKS_TO_LOOK_AT.all(), None, 1)?;
    let Some((key, _)) = window.first() else { return Ok(None) };
    let time = key.get(1..9).and_then(|bytes| bytes.first_chunk::<8>()).and_then(|bytes| time_of(*bytes));
    time.map(Some).ok_or_else(|| rows::unusable(CLOCKS_TO_LOOK_AT, key, "its time is out of range"))
}

/// Tickets with a running clock behind `after`, the one that is due first at the head. A ticket that has no due time
/// any more is no place to go on from: nothing is behind it.
pub fn by_due(
    read: &(impl Read + ?Sized),
    after: Option<TicketNumber>,
    limit: usize,
) -> Result<Vec<TicketNumber>, StoreError> {
    let after = match after {
        None => None,
        Some(ticket) => match get(read, ticket)?.as_ref().and_then(due_of) {
            Some(due) => Some(key(CLOCKS_DUE, due, ticket)),
            None => return Ok(Vec::new()),
        },
    };
    let window = read.scan(&CLOCKS_DUE.all(), after.as_deref(), limit)?;
    window.iter().map(|(key, _)| rows::last_number(CLOCKS_DUE, key).map(TicketNumber)).collect()
}

/// The policies that all tickets are looked at by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policies {
    /// Whether there are any.
    pub promise: bool,
    pub fingerprint: Vec<u8>,
}

/// The policies that all tickets were looked at by; nothing before the first look, or while tickets are being marked
/// for it.
pub fn policies(read: &(impl Read + ?Sized)) -> Result<Option<Policies>, StoreError> {
    let known = read.get(&CLOCKS_PLANS.all())?;
    Ok(known.and_then(|bytes| match bytes.split_first() {
        Some((0, fingerprint)) => Some(Policies { promise: false, fingerprint: fingerprint.to_vec() }),
        Some((1, fingerprint)) => Some(Policies { promise: true, fingerprint: fingerprint.to_vec() }),
        _ => None,
    }))
}

/// Notes by which policies all tickets are looked at, or, with nothing, that they are being marked.
pub fn put_policies(tx: &mut Transaction<'_>, policies: Option<&Policies>) -> Result<(), StoreError> {
    let key = CLOCKS_PLANS.all();
    match policies {
        Some(Policies { promise, fingerprint }) => tx.put(&key, &[&[u8::from(*promise)], &fingerprint[..]].concat()),
        None => tx.delete(&key),
    }
}

/// The history of a ticket from before histories were kept: comments of its thread, and its status.
fn history_of(read: &(impl Read + ?Sized), ticket: &Ticket) -> Result<History, StoreError> {
    let mut history = History::default();
    history.add(ticket.created, What::Opened);
    let mut after: Option<EntryNumber> = None;
    loop {
        let window = entries::list(read, ticket.number, after, ENTRIES_AT_ONCE)?;
        for entry in &window {
            if let Some(what) = what_was_said(entry) {
                history.add(entry.at, what);
            }
        }
        match window.last() {
            Some(last) if window.len() == ENTRIES_AT_ONCE => after = Some(last.number),
            _ => break,
        }
    }
    history.add(ticket.updated, what_of(&ticket.status));
    Ok(history)
}

fn what_of(status: &Status) -> What {
    match status {
        Status::New | Status::Open => What::Working,
        Status::Pending { until: _ } => What::Pending,
        Status::Resolved { at: _ } | Status::Closed { at: _ } => What::Done,
    }
}

fn what_was_said(entry: &Entry) -> Option<What> {
    match (&entry.kind, &entry.author) {
        // The first comment is the opening.
        (EntryKind::Comment, Author::Contact { .. }) if !entry.automatic && entry.number.0 > 1 => Some(What::Spoke),
        (EntryKind::Comment, Author::Agent { .. }) => Some(What::Replied),
        _ => None,
    }
}

fn due_of(kept: &Kept) -> Option<Timestamp> {
    kept.nearest.as_ref().and_then(|nearest| nearest.due)
}

fn key(table: Table, at: Timestamp, ticket: TicketNumber) -> Vec<u8> {
    table.key(&[&time_bytes(at), &ticket.0.to_be_bytes()])
}

fn move_key(
    tx: &mut Transaction<'_>,
    table: Table,
    ticket: TicketNumber,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<(), StoreError> {
    if from == to {
        return Ok(());
    }
    if let Some(from) = from {
        tx.delete(&key(table, from, ticket))?;
    }
    match to {
        Some(to) => tx.put(&key(table, to, ticket), &[]),
        None => Ok(()),
    }
}
