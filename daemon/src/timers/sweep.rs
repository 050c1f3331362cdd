//! Other settings may mean other promises: once after each start and each change, every ticket that is not closed is
//! looked at.

use super::follow::customer_name;
use crate::active::Active;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::tickets;
use jiff::Timestamp;
use maildesk_core::ids::TicketNumber;
use maildesk_core::sla::follow;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Tickets of one commit.
const AT_ONCE: usize = 100;

/// Brings the clocks of all tickets in line with the settings in force. Tickets that fit them are not written.
pub(super) async fn sweep(
    store: &Store,
    active: &Arc<Active>,
    now: Timestamp,
    stop: &CancellationToken,
) -> Result<u64, StoreError> {
    let mut changed = 0;
    for status in ["new", "open", "pending", "resolved"] {
        let mut before: Option<TicketNumber> = None;
        while !stop.is_cancelled() {
            let window = tickets::list(store, Some(status), before, AT_ONCE)?;
            let ended = window.len() < AT_ONCE;
            before = window.last().map(|ticket| ticket.number);
            let numbers: Vec<TicketNumber> = window.into_iter().map(|ticket| ticket.number).collect();
            let active = Arc::clone(active);
            changed += store.write(move |tx: &mut Transaction<'_>| part(tx, &active, &numbers, now)).await?;
            if ended {
                break;
            }
        }
    }
    Ok(changed)
}

fn part(
    tx: &mut Transaction<'_>,
    active: &Active,
    numbers: &[TicketNumber],
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut changed = 0;
    for number in numbers {
        // Read again within the commit: somebody may have changed it meanwhile.
        let Some(ticket) = tickets::get(tx, *number)? else { continue };
        let customer = customer_name(tx, active, &ticket)?;
        let mut followed = ticket.clone();
        follow(&mut followed, customer.as_deref(), &active.sla, now);
        if followed != ticket {
            tickets::put(tx, &followed)?;
            changed += 1;
        }
    }
    Ok(changed)
}
