//! Merging a ticket into another one.

use super::super::fault::Fault;
use super::super::tickets::{get, write};
use super::super::views::ticket_row;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{audit, clocks, contacts, entries, events, outbox, places};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::TicketNumber;
use maildesk_core::rpc::{MergeView, RpcError};
use maildesk_core::ticket::{self, Author, Ticket, may_merge, wants_work};

/// Entries of a ticket that is merged, at the most: they move in one commit.
const MOST_ENTRIES: u32 = 20_000;
/// Entries that are read at once.
const ENTRIES_AT_ONCE: usize = 100;

pub(super) fn write_merge(
    tx: &mut Transaction<'_>,
    user: &str,
    source: TicketNumber,
    named: TicketNumber,
    now: Timestamp,
) -> Result<MergeView, Fault> {
    let (mut from, named_ticket) = (get(tx, source)?, get(tx, named)?);
    let mut into = places::reach(tx, named_ticket, None)?.ticket;
    may_merge(&from, named, &into)?;
    if from.entries > MOST_ENTRIES {
        let problem = format!("ticket {source} has {} entries, more than the {MOST_ENTRIES} that move", from.entries);
        return Err(RpcError::Rejected(problem).into());
    }
    let waiting = outbox::waiting(tx, source)?.len();
    let customer_waits =
        wants_work(&from) && clocks::get(tx, source)?.is_some_and(|kept| kept.history.customer_waits());
    let moved = move_all(tx, &mut from, &mut into)?;
    let merged = ticket::merge(&from, &into, moved, &Author::Agent { name: user.to_owned() }, now)?;
    write(tx, &merged.source.ticket, &merged.source.entries)?;
    write(tx, &merged.target.ticket, &merged.target.entries)?;
    if customer_waits {
        clocks::customer_waits(tx, into.number, now)?;
    }
    let (before, after) = (into.status.word(), merged.target.ticket.status.word());
    let (target, by) = (into.number, user.to_owned());
    audit::append(tx, now, user, &format!("merged #{source} into #{target}"))?;
    events::append(tx, now, DomainEvent::TicketMerged { ticket: source, into: target, entries: moved, by })?;
    if before != after {
        let (from, to, by) = (before.to_owned(), after.to_owned(), user.to_owned());
        events::append(tx, now, DomainEvent::StatusChanged { ticket: target, from, to, by })?;
    }
    if merged.assigned.is_some() {
        let (to, by) = (merged.assigned.clone(), user.to_owned());
        events::append(tx, now, DomainEvent::TicketAssigned { ticket: target, to, by })?;
    }
    let requester = contacts::get(tx, from.contact)?;
    let same = contacts::get(tx, into.contact)?.map(|contact| contact.id) == requester.as_ref().map(|one| one.id);
    Ok(MergeView {
        source,
        target: ticket_row(tx, &merged.target.ticket)?,
        entries: moved,
        tags: merged.tags,
        raised_from: merged.raised_from,
        assigned: merged.assigned,
        opened_from: (before != after).then(|| before.to_owned()),
        mails_waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
        other_requester: requester.filter(|_| !same).map(|contact| contact.display().to_owned()),
    })
}

/// Moves what was said from one thread to the other; gives how many entries.
fn move_all(tx: &mut Transaction<'_>, from: &mut Ticket, into: &mut Ticket) -> Result<u32, StoreError> {
    places::arrange(tx, from)?;
    places::arrange(tx, into)?;
    let (mut moved, mut after) = (0, None);
    loop {
        let window = entries::thread(tx, from, after, ENTRIES_AT_ONCE)?;
        for entry in window.iter().filter(|entry| !entry.kind.stays()) {
            places::move_entry(tx, from, into, entry)?;
            moved += 1;
        }
        match window.last() {
            Some(last) if window.len() == ENTRIES_AT_ONCE => after = Some(last.number),
            _ => return Ok(moved),
        }
    }
}
