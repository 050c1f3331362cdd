//! One look at the tickets whose time has come: what is told and what is kept, in one commit.

use super::tell::tell;
use crate::active::Active;
use crate::notify::{AgentNews, tell_agents};
use crate::store::clocks::Policies;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{Store, clocks, customers, entries, events, tickets};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::{EntryNumber, TicketNumber};
use maildesk_core::notification::Doer;
use maildesk_core::settings::AgentNotice;
use maildesk_core::sla::{Plan, Subject, outlook};
use maildesk_core::ticket::{Applied, Entry, EntryKind, Status, Ticket, moved_by_time, next_move};
use std::sync::Arc;

/// Tickets of one commit: each may queue a mail for every agent.
const AT_ONCE: usize = 40;
/// Entries looked through for what was written last.
const LOOKED_AT: usize = 50;
/// Who moves tickets when time passes.
const CLOCK: &str = "maildesk";
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
    let (mut ticket, mut kept) = (ticket, kept);
    let close_days = active.settings.desk.close_days;
    if let Some(applied) = moved_by_time(&ticket, close_days, now) {
        let waited = matches!(ticket.status, Status::Pending { .. });
        ticket = write_moved(tx, &ticket, applied, now)?;
        if waited {
            remind(tx, active, &ticket, now)?;
        }
        kept = clocks::get(tx, number)?.unwrap_or_default();
    }
    let plan = choose_plan(tx, active, &ticket)?;
    let mut found = outlook(plan, kept, now);
    found.kept.look_at = found.kept.look_at.into_iter().chain(next_move(&ticket, close_days)).min();
    clocks::put(tx, number, &found.kept)?;
    let Some(plan) = plan else { return Ok(0) };
    let count = found.tellings.len();
    for telling in &found.tellings {
        ticket = tell(tx, active, plan, ticket, telling, now)?;
    }
    Ok(count)
}

/// Writes a ticket that time has moved, with all that says so.
fn write_moved(
    tx: &mut Transaction<'_>,
    before: &Ticket,
    applied: Applied,
    now: Timestamp,
) -> Result<Ticket, StoreError> {
    tickets::put(tx, &applied.ticket)?;
    for entry in &applied.entries {
        entries::put(tx, before.number, entry)?;
    }
    let (from, to) = (before.status.word().to_owned(), applied.ticket.status.word().to_owned());
    let what = DomainEvent::StatusChanged { ticket: before.number, from, to, by: CLOCK.to_owned() };
    events::append(tx, now, what)?;
    Ok(applied.ticket)
}

/// Tells agents that a ticket waits no longer, with what was written on it last.
fn remind(tx: &mut Transaction<'_>, active: &Active, ticket: &Ticket, now: Timestamp) -> Result<(), StoreError> {
    let written = |entry: &Entry| matches!(entry.kind, EntryKind::Comment | EntryKind::Note);
    let newest = entries::newest(tx, ticket, LOOKED_AT)?;
    let message = newest.iter().rev().find(|entry| written(entry)).map(Entry::new_text).unwrap_or_default();
    let entry = EntryNumber(ticket.entries);
    let news =
        AgentNews { notice: AgentNotice::Reminder, ticket, entry, message: &message, doer: Doer::Clock, but_not: &[] };
    tell_agents(tx, active, &news, |values, _| values, now).map(drop)
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

/// Lets every ticket that is not closed be looked at where the policies, or the days until tickets are closed, are
/// others than at the last time.
///
/// # Errors
/// Only the store's; what was not marked is marked the next time.
pub async fn look_at_all(store: &Store, active: &Arc<Active>) -> Result<(), StoreError> {
    let mut fingerprint = active.plans.fingerprint().to_vec();
    fingerprint.extend(active.settings.desk.close_days.to_be_bytes());
    let policies = Policies { promise: !active.plans.is_empty(), fingerprint };
    if clocks::policies(store)?.as_ref() == Some(&policies) {
        return Ok(());
    }
    // From here on every new ticket marks itself; those from before are marked below.
    store.write(|tx: &mut Transaction<'_>| clocks::put_policies(tx, None)).await?;
    for status in ["new", "open", "pending", "resolved"] {
        let mut before = None;
        loop {
            let window = tickets::list(store, Some(status), before, MARKED_AT_ONCE)?;
            let Some(last) = window.last() else { break };
            before = Some(last.number);
            store.write(move |tx: &mut Transaction<'_>| mark(tx, &window)).await?;
        }
    }
    store.write(move |tx: &mut Transaction<'_>| clocks::put_policies(tx, Some(&policies))).await
}

fn mark(tx: &mut Transaction<'_>, window: &[Ticket]) -> Result<(), StoreError> {
    window.iter().try_for_each(|ticket| clocks::look_again(tx, ticket))
}
