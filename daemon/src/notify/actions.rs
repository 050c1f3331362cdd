//! What follows from an agent's actions on a ticket, wherever they were asked for: events, and who is told by mail.

use super::{AgentNews, ContactNews, sender_of, tell_agents, tell_contact, thread_ids};
use crate::active::Active;
use crate::outbox::{EnqueueError, Terms, add_entry};
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{contacts, entries, events, mails};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::EntryNumber;
use maildesk_core::notification::{Doer, Kind};
use maildesk_core::settings::AgentNotice;
use maildesk_core::ticket::{Author, Entry, EntryKind, Ticket, TicketAction};

/// Entries looked through for an answer that the contact has had.
const LOOKED_AT: usize = 200;

/// Actions that were done, and written.
#[derive(Debug, Clone, Copy)]
pub struct Done<'a> {
    /// User name of the agent.
    pub by: &'a str,
    pub before: &'a Ticket,
    /// As it is stored.
    pub after: &'a Ticket,
    /// The first of the entries that say so.
    pub first: EntryNumber,
    pub actions: &'a [TicketAction],
}

/// Tells of actions within the transaction that wrote them.
///
/// # Errors
/// Only the store's.
pub fn tell_of_actions(
    tx: &mut Transaction<'_>,
    active: &Active,
    done: &Done<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Done { by, before, after, first, actions } = *done;
    let number = after.number;
    let (from, to) = (before.status.word(), after.status.word());
    if from != to {
        let (from, to) = (from.to_owned(), to.to_owned());
        events::append(tx, now, DomainEvent::StatusChanged { ticket: number, from, to, by: by.to_owned() })?;
    }
    if before.assignee != after.assignee {
        let to = after.assignee.clone();
        events::append(tx, now, DomainEvent::TicketAssigned { ticket: number, to, by: by.to_owned() })?;
        let message = opening_text(tx, after)?;
        let news = AgentNews {
            notice: AgentNotice::Assigned,
            ticket: after,
            entry: first,
            message: &message,
            doer: Doer::Agent(by),
            but_not: &[],
        };
        tell_agents(tx, active, &news, |values, _| values, now)?;
    }
    if actions.contains(&TicketAction::Resolve { tell: true }) {
        tell_resolved(tx, active, by, after, now)?;
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
) -> Result<(), StoreError> {
    let wanted = active.settings.mailbox(&ticket.mailbox).is_none_or(|mailbox| mailbox.notify_resolved);
    if !wanted || !expects_mail(tx, ticket)? {
        return Ok(());
    }
    let contact = contacts::get(tx, ticket.contact)?;
    let address = contact.as_ref().and_then(|contact| Some((contact, contact.addresses.first()?)));
    let refused = match (address, sender_of(active, ticket)) {
        (Some((contact, to)), Some(sender)) => {
            let news = ContactNews {
                kind: Kind::TicketResolved,
                ticket,
                entry: EntryNumber(ticket.entries),
                contact,
                to,
                sender,
                thread: thread_ids(tx, ticket)?,
                agent: Some(user),
                message: None,
                attachments: Vec::new(),
            };
            match tell_contact(tx, active, news, Terms::default(), now) {
                Ok(_) => return Ok(()),
                Err(EnqueueError::Store(error)) => return Err(error),
                Err(error) => error.to_string(),
            }
        }
        (None, _) => "the contact has no address".to_owned(),
        (_, None) => "there is no sender".to_owned(),
    };
    let text = format!("The customer was not told that it is resolved: {refused}");
    add_entry(tx, ticket, Entry::new(Author::System, EntryKind::Note, text, now), now).map(drop)
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
