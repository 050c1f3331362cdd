//! One ticket whose moment has come, within one commit: what it says, who is told, and that it was told.

use super::follow::customer_name;
use crate::active::Active;
use crate::notify::{AgentNews, tell_agents};
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{entries, events, tickets};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::{EntryNumber, TicketNumber};
use maildesk_core::notification::{Doer, target_words};
use maildesk_core::settings::AgentNotice;
use maildesk_core::sla::{Struck, Target, follow, strike};
use maildesk_core::ticket::Ticket;

/// Who moves tickets when time passes.
const CLOCK: &str = "maildesk";

/// Does what is due on a ticket. Nothing where somebody else's commit has made it wait longer.
pub(super) fn tick(
    tx: &mut Transaction<'_>,
    active: &Active,
    number: TicketNumber,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(mut ticket) = tickets::get(tx, number)? else { return Ok(()) };
    let customer = customer_name(tx, active, &ticket)?;
    // What was written without a look at the clocks, or under other settings, is set right first.
    follow(&mut ticket, customer.as_deref(), &active.sla, now);
    let Some((applied, struck)) = strike(&ticket, customer.as_deref(), &active.sla, now) else {
        return tickets::put(tx, &ticket);
    };
    tickets::put(tx, &applied.ticket)?;
    for entry in &applied.entries {
        entries::put(tx, number, entry)?;
    }
    for what in struck {
        match what {
            Struck::Warned { target, due } => {
                events::append(tx, now, DomainEvent::SlaWarned { ticket: number, target, due })?;
                tell(tx, active, &applied.ticket, AgentNotice::SlaWarning, (target, due), now)?;
            }
            Struck::Breached { target, due } => {
                events::append(tx, now, DomainEvent::SlaBreached { ticket: number, target, due })?;
                tell(tx, active, &applied.ticket, AgentNotice::SlaBreached, (target, due), now)?;
            }
            Struck::Reminded | Struck::Closed => {
                let (from, to) = (ticket.status.word().to_owned(), applied.ticket.status.word().to_owned());
                let what = DomainEvent::StatusChanged { ticket: number, from, to, by: CLOCK.to_owned() };
                events::append(tx, now, what)?;
            }
        }
    }
    Ok(())
}

fn tell(
    tx: &mut Transaction<'_>,
    active: &Active,
    ticket: &Ticket,
    notice: AgentNotice,
    (target, due): (Target, Timestamp),
    now: Timestamp,
) -> Result<(), StoreError> {
    let entry = EntryNumber(ticket.entries);
    let news = AgentNews { notice, ticket, entry, message: "", doer: Doer::Clock, but_not: &[] };
    let policy = ticket.clocks.policy.clone().unwrap_or_default();
    tell_agents(
        tx,
        active,
        &news,
        |values, reader| {
            values
                .with("sla.target", target_words(target, reader.language))
                .with_time("sla.due", due)
                .with("sla.policy", policy.as_str())
        },
        now,
    )
    .map(drop)
}
