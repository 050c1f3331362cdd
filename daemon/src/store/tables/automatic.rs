//! Automatic mails that were queued lately, by address and by ticket: what the loop guard counts.

use maildesk_core::address::Address;
use maildesk_core::ids::TicketNumber;
use maildesk_core::outbox::{Automatic, History, LoopGuard};

use super::prefix::{AUTOMATIC_ON_TICKET, AUTOMATIC_TO_ADDRESS, Table};
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::AutomaticRecord;

/// What was queued for this address and on this ticket. What no window counts any more may be among it.
pub fn history(read: &(impl Read + ?Sized), to: &Address, ticket: Option<TicketNumber>) -> Result<History, StoreError> {
    let of = |table, key: &[u8]| rows::load::<AutomaticRecord, Vec<Automatic>>(read, table, key);
    let on_ticket = match ticket {
        Some(ticket) => of(AUTOMATIC_ON_TICKET, &AUTOMATIC_ON_TICKET.number(ticket.0))?,
        None => None,
    };
    let to_address = of(AUTOMATIC_TO_ADDRESS, &address_key(to))?;
    Ok(History { to_address: to_address.unwrap_or_default(), on_ticket: on_ticket.unwrap_or_default() })
}

/// Adds a mail to what [`history`] gave for its address and ticket.
pub fn remember(
    tx: &mut Transaction<'_>,
    guard: &LoopGuard,
    mut history: History,
    to: &Address,
    ticket: Option<TicketNumber>,
    mail: Automatic,
) -> Result<(), StoreError> {
    let mut keep = |table: Table, key: &[u8], mails: &mut Vec<Automatic>| {
        guard.remember(mails, mail);
        rows::save(tx, table, key, &AutomaticRecord::from(std::mem::take(mails)))
    };
    keep(AUTOMATIC_TO_ADDRESS, &address_key(to), &mut history.to_address)?;
    match ticket {
        Some(ticket) => keep(AUTOMATIC_ON_TICKET, &AUTOMATIC_ON_TICKET.number(ticket.0), &mut history.on_ticket),
        None => Ok(()),
    }
}

fn address_key(address: &Address) -> Vec<u8> {
    AUTOMATIC_TO_ADDRESS.key(&[address.key().as_bytes()])
}
