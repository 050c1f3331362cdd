//! What came back, on its way from the plan of an inbound mail into the store.

use super::thread::free_next;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::places::reach;
use crate::store::{events, outbox, suppressions, tickets};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::outbox::Suppression;
use maildesk_core::route::{NotedBounce, ReturnedMail, Wanted};

/// Who suppressed an address, for people, where no person did.
const BY: &str = "a bounce";

/// The mail of ours that a bounce names, with its ticket, where both are still there.
pub fn returned_mail(read: &impl Read, wanted: &Wanted) -> Result<Option<ReturnedMail>, StoreError> {
    let Some(claim) = &wanted.returned else { return Ok(None) };
    let Some(outbox) = outbox::get(read, claim.outbox)? else { return Ok(None) };
    let Some(ticket) = tickets::get(read, claim.ticket)? else { return Ok(None) };
    let ticket = reach(read, ticket, Some(claim.entry))?.ticket;
    Ok(Some(ReturnedMail { claim: claim.clone(), outbox, ticket }))
}

/// Writes all that a bounce says beside the ticket's entry.
pub fn write_bounce(tx: &mut Transaction<'_>, bounce: &NotedBounce, now: Timestamp) -> Result<(), StoreError> {
    let mail = &bounce.outbox;
    outbox::put(tx, mail)?;
    if !mail.state.is_waiting() {
        free_next(tx, mail, now)?;
    }
    if let Some(suppression) = &bounce.suppression
        && !longer_suppressed(tx, suppression)?
    {
        suppressions::put(tx, suppression)?;
        let (address, reason) = (suppression.address.to_string(), suppression.reason.clone());
        events::append(tx, now, DomainEvent::AddressSuppressed { address, reason, by: BY.into() })?;
    }
    if let (Some(said), Some(number)) = (&bounce.failed, mail.ticket) {
        let ticket = tickets::get(tx, number)?.map(|ticket| reach(tx, ticket, mail.entry)).transpose()?;
        let (number, assignee) = ticket.map_or((number, None), |found| (found.ticket.number, found.ticket.assignee));
        let (to, said) = (mail.to.to_string(), said.clone());
        let what = DomainEvent::DeliveryProblem { ticket: number, outbox: mail.id, to, assignee, said };
        events::append(tx, now, what)?;
    }
    Ok(())
}

/// What a person has said about an address, or an earlier bounce that counts longer, stays.
fn longer_suppressed(read: &impl Read, new: &Suppression) -> Result<bool, StoreError> {
    let known = suppressions::get(read, &new.address)?.filter(|known| known.holds(new.since));
    Ok(known.is_some_and(|known| match (known.expires, new.expires) {
        (None, _) => true,
        (Some(known), Some(new)) => known >= new,
        (Some(_), None) => false,
    }))
}
