//! What agents do to tickets beside writing, and who is told of it.

use super::fault::{Fault, found};
use super::once::once;
use super::parts::RpcParts;
use super::tickets::{get, write};
use super::views::ticket_row;
use crate::active::Active;
use crate::notify::{AgentNews, ContactNews, sender_of, tell_agents, tell_contact, thread_ids};
use crate::outbox::{EnqueueError, Terms};
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{audit, contacts, entries, events, mails};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::{EntryNumber, TicketNumber};
use maildesk_core::notification::{Doer, Kind};
use maildesk_core::rpc::{RequestKey, RpcError, TicketRow};
use maildesk_core::settings::AgentNotice;
use maildesk_core::text::clean_line;
use maildesk_core::ticket::{Author, Command, Entry, EntryKind, Ticket, TicketAction, act, apply};
use std::sync::Arc;

/// Actions of one call at the most.
const MOST_ACTIONS: usize = 50;
/// Entries looked through for an answer that the contact has had.
const LOOKED_AT: usize = 200;

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
    let (from, to) = (ticket.status.word(), applied.ticket.status.word());
    if from != to {
        let (from, to) = (from.to_owned(), to.to_owned());
        events::append(tx, now, DomainEvent::StatusChanged { ticket: number, from, to, by: user.to_owned() })?;
    }
    let changed = applied.ticket;
    if ticket.assignee != changed.assignee {
        let to = changed.assignee.clone();
        events::append(tx, now, DomainEvent::TicketAssigned { ticket: number, to, by: user.to_owned() })?;
        let message = opening_text(tx, &changed)?;
        let news = AgentNews {
            notice: AgentNotice::Assigned,
            ticket: &changed,
            entry: first,
            message: &message,
            doer: Doer::Agent(user),
            but_not: &[],
        };
        tell_agents(tx, active, &news, |values, _| values, now)?;
    }
    if actions.contains(&TicketAction::Resolve { tell: true }) {
        tell_resolved(tx, active, user, &changed, now)?;
    }
    Ok(())
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

/// What the ticket began with, without quotes.
fn opening_text(read: &impl Read, ticket: &Ticket) -> Result<String, StoreError> {
    let opening = entries::thread(read, ticket, None, 1)?;
    Ok(opening.first().map(|entry| entry.new_text()).unwrap_or_default())
}

/// Tells the contact that the ticket is resolved. Where that cannot be, the ticket is resolved all the same, and a note
/// says why nobody was told.
fn tell_resolved(
    tx: &mut Transaction<'_>,
    active: &Active,
    user: &str,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<(), Fault> {
    let wanted = active.settings.mailbox(&ticket.mailbox).is_none_or(|mailbox| mailbox.notify_resolved);
    if !wanted || !expects_mail(tx, ticket)? {
        return Ok(());
    }
    let contact = found(contacts::get(tx, ticket.contact)?, "contact", ticket.contact)?;
    let refused = match (contact.addresses.first(), sender_of(active, ticket)) {
        (Some(to), Some(sender)) => {
            let news = ContactNews {
                kind: Kind::TicketResolved,
                ticket,
                entry: EntryNumber(ticket.entries),
                contact: &contact,
                to,
                sender,
                thread: thread_ids(tx, ticket)?,
                agent: Some(user),
                message: None,
            };
            match tell_contact(tx, active, news, Terms::default(), now) {
                Ok(_) => return Ok(()),
                Err(EnqueueError::Store(error)) => return Err(error.into()),
                Err(error) => error.to_string(),
            }
        }
        (None, _) => "the contact has no address".to_owned(),
        (_, None) => "there is no sender".to_owned(),
    };
    let text = format!("The customer was not told that it is resolved: {refused}");
    let note = Entry::new(Author::System, EntryKind::Note, text, now);
    let applied = apply(ticket, Command::Note { entry: note }, now)?;
    write(tx, &applied.ticket, &applied.entries)?;
    Ok(())
}

/// Whether the contact is somebody who gets mail from this ticket: its first mail was one to acknowledge, or a person
/// has answered since. Machines, lists and what was imported are told nothing of their own accord.
fn expects_mail(read: &impl Read, ticket: &Ticket) -> Result<bool, StoreError> {
    let entries = entries::thread(read, ticket, None, LOOKED_AT)?;
    let answered =
        entries.iter().any(|entry| entry.kind == EntryKind::Comment && matches!(entry.author, Author::Agent { .. }));
    if answered {
        return Ok(true);
    }
    let opening = entries.first().and_then(|entry| entry.mail);
    let judged = opening.map(|mail| mails::get(read, mail)).transpose()?.flatten();
    Ok(judged.is_some_and(|judged| judged.effect.acknowledge))
}
