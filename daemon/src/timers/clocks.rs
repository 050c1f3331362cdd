//! One look at the tickets whose time has come: what is told and what is kept, in one commit.

use super::tell::tell;
use crate::active::Active;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{Store, clocks, customers, tickets};
use jiff::Timestamp;
use maildesk_core::ids::TicketNumber;
use maildesk_core::sla::{Plan, Subject, outlook};
use maildesk_core::ticket::Ticket;
use std::sync::Arc;

/// Tickets of one commit: each may queue a mail for every agent.
const AT_ONCE: usize = 40;
/// Tickets that are marked in one commit after a change of policies.
const MARKED_AT_ONCE: usize = 500;

/// Looks at the tickets that wait the longest; gives how much was told.
pub(super) fn look(tx: &mut Transaction<'_>, active: &Active, now: Timestamp) -> Result<usize, StoreError> {
    let mut told = 0;
    for number in clocks::to_look_at(tx, now, AT_ONCE)? {
        told += look_at(tx, active, number, now)?;
    }
    Ok(told)
}

fn look_at(
    tx: &mut Transaction<'_>,
    active: &Active,
    number: TicketNumber,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let (Some(ticket), Some(kept)) = (tickets::get(tx, number)?, clocks::get(tx, number)?) else {
        clocks::forget(tx, number)?;
        return Ok(0);
    };
    let plan = choose_plan(tx, active, &ticket)?;
    let found = outlook(plan, kept, now);
    clocks::put(tx, number, &found.kept)?;
    let Some(plan) = plan else { return Ok(0) };
    let count = found.tellings.len();
    let mut ticket = ticket;
    for telling in &found.tellings {
        ticket = tell(tx, active, plan, ticket, telling, now)?;
    }
    Ok(count)
}

/// The policy that counts for a ticket.
pub fn choose_plan<'a>(read: &impl Read, active: &'a Active, ticket: &Ticket) -> Result<Option<&'a Plan>, StoreError> {
    let customer = ticket.customer.map(|id| customers::get(read, id)).transpose()?.flatten();
    Ok(active.plans.choose(Subject {
        priority: ticket.priority,
        customer: customer.as_ref().map(|customer| customer.name.as_str()),
        mailbox: &ticket.mailbox,
        tags: &ticket.tags,
    }))
}

/// Lets every ticket that is not done be looked at where the policies are others than at the last time. What is done
/// is looked at when it is opened again.
pub(super) async fn look_at_all(store: &Store, active: &Arc<Active>) -> Result<(), StoreError> {
    let fingerprint = active.plans.fingerprint();
    if clocks::plans_applied(store)?.as_deref() == Some(&fingerprint[..]) {
        return Ok(());
    }
    for status in ["new", "open", "pending"] {
        let mut before = None;
        loop {
            let window = tickets::list(store, Some(status), before, MARKED_AT_ONCE)?;
            let Some(last) = window.last() else { break };
            before = Some(last.number);
            store.write(move |tx: &mut Transaction<'_>| mark(tx, &window)).await?;
        }
    }
    store.write(move |tx: &mut Transaction<'_>| clocks::put_plans_applied(tx, &fingerprint)).await
}

fn mark(tx: &mut Transaction<'_>, window: &[Ticket]) -> Result<(), StoreError> {
    window.iter().try_for_each(|ticket| clocks::look_again(tx, ticket))
}
