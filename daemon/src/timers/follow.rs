//! A ticket is written with clocks that fit it.

use crate::active::Active;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{customers, tickets};
use jiff::Timestamp;
use maildesk_core::sla::follow;
use maildesk_core::ticket::Ticket;

/// Brings the clocks in line with the ticket and writes it; gives it as it was written.
pub fn put_following(
    tx: &mut Transaction<'_>,
    active: &Active,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<Ticket, StoreError> {
    let mut ticket = ticket.clone();
    let customer = customer_name(tx, active, &ticket)?;
    follow(&mut ticket, customer.as_deref(), &active.sla, now);
    tickets::put(tx, &ticket)?;
    Ok(ticket)
}

/// The name that policies may ask for; not looked up where none does.
pub(super) fn customer_name(read: &impl Read, active: &Active, ticket: &Ticket) -> Result<Option<String>, StoreError> {
    let wanted = ticket.customer.filter(|_| active.sla.wants_customer());
    let customer = wanted.map(|id| customers::get(read, id)).transpose()?.flatten();
    Ok(customer.map(|customer| customer.name))
}
