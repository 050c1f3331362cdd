//! Splitting entries off a ticket.

use super::super::fault::{Fault, found};
use super::super::tickets::{get, write};
use super::super::views::ticket_row;
use crate::store::counters::{self, Counter};
use crate::store::kv::{Read, Transaction};
use crate::store::{audit, contacts, entries, events, places, threads};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::{ContactId, CustomerId, EntryNumber, TicketNumber};
use maildesk_core::rpc::{MovedEntry, RpcError, SplitView};
use maildesk_core::text::{clean_line, shorten};
use maildesk_core::ticket::{Author, Entry, EntryKind, Ticket, may_leave, say_split, split_off};

/// Entries that are split off at once at the most.
const MOST_ENTRIES: usize = 500;
/// Characters of a subject at the most.
const LONGEST_SUBJECT: usize = 500;
/// Entries that are read at once.
const ENTRIES_AT_ONCE: usize = 100;

pub(super) fn write_split(
    tx: &mut Transaction<'_>,
    user: &str,
    number: TicketNumber,
    leaving: &[EntryNumber],
    subject: Option<String>,
    now: Timestamp,
) -> Result<SplitView, Fault> {
    let mut old = get(tx, number)?;
    old.refuse_merged()?;
    let leaving = chosen(tx, &old, leaving)?;
    let whose = whose(tx, &old, &leaving)?;
    let subject = subject.map(|subject| shorten(&clean_line(&subject), LONGEST_SUBJECT));
    let fresh = TicketNumber(counters::next(tx, Counter::Ticket)?);
    let mut new = split_off(&old, fresh, whose, subject, &leaving, now);
    places::arrange(tx, &mut old)?;
    let mut moved = Vec::with_capacity(leaving.len());
    for entry in &leaving {
        let is = places::move_entry(tx, &mut old, &mut new, entry)?;
        // What answers its mail finds the newest ticket first.
        if let Some(message_id) = entry.message_id.as_deref().filter(|_| entry.kind != EntryKind::UnverifiedNote) {
            threads::put(tx, message_id, fresh)?;
        }
        moved.push(MovedEntry { was: entry.number, is });
    }
    let numbers: Vec<EntryNumber> = moved.iter().map(|entry| entry.was).collect();
    let (from, into) = say_split(&old, &new, &numbers, &Author::Agent { name: user.to_owned() }, now);
    write(tx, &from.ticket, &from.entries)?;
    write(tx, &into.ticket, &into.entries)?;
    let (count, by) = (u32::try_from(moved.len()).unwrap_or(u32::MAX), user.to_owned());
    audit::append(tx, now, user, &format!("split #{fresh} from #{number}"))?;
    events::append(tx, now, DomainEvent::TicketSplit { ticket: number, new: fresh, entries: count, by })?;
    Ok(SplitView { old: ticket_row(tx, &from.ticket)?, new: ticket_row(tx, &into.ticket)?, entries: moved })
}

/// The entries of these numbers, the oldest first.
fn chosen(tx: &Transaction<'_>, old: &Ticket, numbers: &[EntryNumber]) -> Result<Vec<Entry>, Fault> {
    let rejected = |problem: String| Fault::from(RpcError::Rejected(problem));
    if numbers.is_empty() || numbers.len() > MOST_ENTRIES {
        return Err(rejected(format!("give 1 to {MOST_ENTRIES} entries")));
    }
    let mut leaving: Vec<Entry> = Vec::with_capacity(numbers.len());
    for number in numbers {
        let place = format!("{number} in the thread of #{}", old.number);
        let entry = found(entries::in_thread(tx, old, *number)?, "entry", place)?;
        may_leave(old.number, &entry)?;
        if leaving.iter().all(|known| known.number != entry.number) {
            leaving.push(entry);
        }
    }
    leaving.sort_by_key(|entry| (entry.at, entry.number));
    if !something_remains(tx, old, &leaving)? {
        return Err(rejected(format!("nothing that was said would remain in #{}", old.number)));
    }
    Ok(leaving)
}

fn something_remains(read: &impl Read, old: &Ticket, leaving: &[Entry]) -> Result<bool, Fault> {
    let mut after = None;
    loop {
        let window = entries::thread(read, old, after, ENTRIES_AT_ONCE)?;
        let leaves = |entry: &Entry| leaving.iter().any(|one| one.number == entry.number);
        if window.iter().any(|entry| !entry.kind.stays() && !leaves(entry)) {
            return Ok(true);
        }
        match window.last() {
            Some(last) if window.len() == ENTRIES_AT_ONCE => after = Some(last.number),
            _ => return Ok(false),
        }
    }
}

/// Whose the new ticket is: of the contact who wrote the first of the entries, or else whose the old one is.
fn whose(read: &impl Read, old: &Ticket, leaving: &[Entry]) -> Result<(ContactId, Option<CustomerId>), Fault> {
    let first = leaving.iter().find_map(|entry| match &entry.author {
        Author::Contact { id, .. } if entry.kind == EntryKind::Comment => Some(*id),
        _ => None,
    });
    let writer = first.map(|id| contacts::get(read, id)).transpose()?.flatten();
    let requester = contacts::get(read, old.contact)?.map_or(old.contact, |contact| contact.id);
    match writer {
        Some(writer) if writer.id != requester => Ok((writer.id, writer.customer)),
        _ => Ok((old.contact, old.customer)),
    }
}
