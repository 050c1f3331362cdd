//! Service levels: the clocks of a ticket, and tickets by the time they are due.

use super::fault::{Fault, found, read};
use super::parts::RpcParts;
use crate::store::kv::Read;
use crate::store::{clocks, tickets};
use crate::timers::choose_plan;
use maildesk_core::ids::TicketNumber;
use maildesk_core::rpc::{SlaBrief, SlaView};
use maildesk_core::sla::view;
use maildesk_core::ticket::Ticket;
use std::sync::Arc;

/// How a ticket's clocks stand now.
pub(super) async fn show(parts: &RpcParts, number: TicketNumber) -> Result<SlaView, Fault> {
    let (active, now) = (Arc::clone(&parts.active.borrow()), parts.clock.now());
    read(&parts.store, move |store| {
        let ticket = found(tickets::get(store, number)?, "ticket", format!("#{number}"))?;
        let Some(plan) = choose_plan(store, &active, &ticket)? else {
            return Ok(SlaView { ticket: number, policy: None, calendar: None, clocks: Vec::new() });
        };
        let policy = active.settings.sla.policy.iter().find(|policy| policy.name == plan.name);
        let calendar = policy.and_then(|policy| policy.calendar.as_ref()).map(ToString::to_string);
        let kept = clocks::get(store, number)?.unwrap_or_default();
        Ok(SlaView { ticket: number, policy: Some(plan.name.clone()), calendar, clocks: view(plan, &kept, now) })
    })
    .await
}

/// What a list says of a ticket's clocks: as of the last look at them, which follows every change at once.
pub(super) fn brief(read: &impl Read, ticket: TicketNumber) -> Result<Option<SlaBrief>, Fault> {
    let kept = clocks::get(read, ticket)?.unwrap_or_default();
    let (Some(policy), Some(nearest)) = (kept.policy, kept.nearest) else { return Ok(None) };
    Ok(Some(SlaBrief { policy, target: nearest.target, due: nearest.due }))
}

/// Tickets with a running clock and this status, or any, behind `after`, the one that is due first at the head.
pub(super) fn by_due(
    read: &impl Read,
    status: Option<&str>,
    after: Option<TicketNumber>,
    limit: usize,
) -> Result<Vec<Ticket>, Fault> {
    let (mut rows, mut after) = (Vec::new(), after);
    while rows.len() < limit {
        let window = clocks::by_due(read, after, limit)?;
        for number in &window {
            let ticket = tickets::get(read, *number)?;
            rows.extend(ticket.filter(|ticket| status.is_none_or(|status| ticket.status.word() == status)));
        }
        if window.len() < limit {
            break;
        }
        after = window.last().copied();
    }
    rows.truncate(limit);
    Ok(rows)
}
