//! What agents do to tickets beside writing.

use super::fault::Fault;
use super::once::once;
use super::parts::RpcParts;
use super::tickets::{get, write};
use super::views::ticket_row;
use crate::active::Active;
use crate::notify::{Done, tell_of_actions};
use crate::store::kv::Transaction;
use crate::store::{audit, events};
use jiff::Timestamp;
use maildesk_core::ids::TicketNumber;
use maildesk_core::rpc::{RequestKey, RpcError, TicketRow};
use maildesk_core::text::clean_line;
use maildesk_core::ticket::{Author, Ticket, TicketAction, act};
use std::sync::Arc;

/// Actions of one call at the most.
const MOST_ACTIONS: usize = 50;

pub(super) async fn carry_out(
    parts: &RpcParts,
    user: String,
    number: TicketNumber,
    actions: Vec<TicketAction>,
    key: RequestKey,
) -> Result<TicketRow, Fault> {
    if actions.is_empty() || actions.len() > MOST_ACTIONS {
        return Err(RpcError::Rejected(format!("give 1 to {MOST_ACTIONS} actions")).into());
    }
    let (active, now) = (Arc::clone(&parts.active.borrow()), parts.clock.now());
    let work = move |tx: &mut Transaction<'_>| {
        let ticket = get(tx, number)?;
        act_on(tx, &active, &user, &ticket, &actions, now)?;
        ticket_row(tx, &get(tx, number)?)
    };
    let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    parts.nudges.outbox.notify_waiters();
    Ok(answer)
}

/// Does the actions within a transaction: ticket, entries, audit, events and mails.
pub(super) fn act_on(
    tx: &mut Transaction<'_>,
    active: &Active,
    user: &str,
    ticket: &Ticket,
    actions: &[TicketAction],
    now: Timestamp,
) -> Result<(), Fault> {
    refuse_strangers(active, actions)?;
    let by = Author::Agent { name: user.to_owned() };
    let applied = act(ticket, actions, &by, now)?;
    if applied.entries.is_empty() && applied.ticket == *ticket {
        return Ok(());
    }
    let number = ticket.number;
    let first = write(tx, &applied.ticket, &applied.entries)?;
    let words: Vec<&str> = actions.iter().map(TicketAction::word).collect();
    audit::append(tx, now, user, &format!("{} #{number}", words.join(", ")))?;
    let done = Done { by: user, before: ticket, after: &applied.ticket, first, actions };
    Ok(tell_of_actions(tx, active, &done, now)?)
}

/// Where agents are listed, only they can be put in charge; elsewhere any user name will do.
pub(super) fn refuse_strangers(active: &Active, actions: &[TicketAction]) -> Result<(), Fault> {
    let known = &active.settings.agents;
    for action in actions {
        if let TicketAction::Assign { to: Some(name) } = action
            && !known.is_empty()
            && known.iter().all(|agent| agent.name != *name)
        {
            let names: Vec<&str> = known.iter().map(|agent| agent.name.as_str()).collect();
            let problem = format!("\"{}\" is not among [[agents]]: {}", clean_line(name), names.join(", "));
            return Err(RpcError::Rejected(problem).into());
        }
    }
    Ok(())
}
