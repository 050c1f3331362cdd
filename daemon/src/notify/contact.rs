//! Mails to the contact of a ticket: acknowledgement, answer, resolved.

use super::contact_reader;
use crate::active::Active;
use crate::outbox::{EnqueueError, Terms, enqueue_on};
use crate::store::customers;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::directory::Contact;
use maildesk_core::ids::EntryNumber;
use maildesk_core::notification::{About, Kind, Reader, Values, render, ticket_values};
use maildesk_core::outbox::{Draft, OutboxEntry};
use maildesk_core::settings::Sender;
use maildesk_core::ticket::{AttachmentRef, Ticket};

/// Something to tell a contact.
#[derive(Debug)]
pub struct ContactNews<'a> {
    pub kind: Kind,
    pub ticket: &'a Ticket,
    /// The entry that the mail carries or follows.
    pub entry: EntryNumber,
    pub contact: &'a Contact,
    pub to: &'a Address,
    pub sender: &'a Sender,
    /// Message ids of the thread without angle brackets, oldest first.
    pub thread: Vec<String>,
    /// User name of the agent who writes or did it.
    pub agent: Option<&'a str>,
    /// The text that it carries.
    pub message: Option<&'a str>,
    /// Files that go along.
    pub attachments: Vec<AttachmentRef>,
}

/// What a text to the contact of a ticket can say, by this agent where one writes, and how its reader reads.
///
/// # Errors
/// Only the store's.
pub fn contact_values(
    read: &impl Read,
    active: &Active,
    ticket: &Ticket,
    contact: &Contact,
    address: &Address,
    agent: Option<&str>,
) -> Result<(Values, Reader), StoreError> {
    let customer = ticket.customer.map(|id| customers::get(read, id)).transpose()?.flatten();
    let about = About {
        ticket,
        contact_name: contact.name.as_deref(),
        contact_address: address,
        customer_name: customer.as_ref().map(|customer| customer.name.as_str()),
        desk_name: &active.settings.desk.name,
    };
    let reader = contact_reader(&active.settings, &ticket.mailbox, contact);
    let agent = agent.map(|name| active.settings.agent(name).map_or(name, |agent| agent.display()));
    Ok((ticket_values(&about, &reader).with("agent.name", agent.unwrap_or_default()), reader))
}

/// Renders and queues it.
///
/// # Errors
/// As [`enqueue_on`].
pub fn tell_contact(
    tx: &mut Transaction<'_>,
    active: &Active,
    news: ContactNews<'_>,
    terms: Terms,
    now: Timestamp,
) -> Result<OutboxEntry, EnqueueError> {
    let ContactNews { kind, ticket, entry, contact, to, sender, thread, agent, message, attachments } = news;
    let (values, reader) = contact_values(tx, active, ticket, contact, to, agent)?;
    let names = attachments.iter().map(|file| file.name.clone());
    let values = values.with("message", message.unwrap_or_default()).with_list("attachments", names);
    let rendered = render(kind, reader.language, &active.templates.current(), &values)?;
    let draft = Draft {
        kind,
        about: Some((ticket.number, entry)),
        token: None,
        to,
        to_name: contact.name.as_deref(),
        sender,
        from_name: None,
        thread,
        install: &active.identity.install,
        attachments,
    };
    enqueue_on(tx, draft, rendered, active, terms, now)
}
