//! An agent's answer on its way to the requester, whether it was typed here or came by mail.

use super::enqueue::{EnqueueError, Terms, enqueue_on};
use crate::active::Active;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{contacts, entries};
use jiff::Timestamp;
use maildesk_core::ids::{EntryNumber, TicketNumber};
use maildesk_core::notification::{Kind, render, ticket_values};
use maildesk_core::outbox::{Draft, OutboxEntry};
use maildesk_core::settings::Sender;
use maildesk_core::ticket::{EntryKind, Ticket};

/// Entries looked through for the thread that an answer continues.
const THREAD_WINDOW: u32 = 50;

/// Why an answer was not queued.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    #[error("there is no sender to answer with; add a [[sender]]")]
    NoSender,
    #[error("the contact of #{0} has no address")]
    NoAddress(TicketNumber),
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}

impl From<StoreError> for AnswerError {
    fn from(error: StoreError) -> Self {
        Self::Enqueue(EnqueueError::Store(error))
    }
}

/// What an agent answers.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The entry of the ticket that carries it.
    pub entry: EntryNumber,
    /// Unix user name of the agent.
    pub agent: &'a str,
    pub text: &'a str,
}

/// Queues an answer to the requester of a ticket. The ticket itself is not changed.
///
/// # Errors
/// Nothing was written then.
pub fn queue_answer(
    tx: &mut Transaction<'_>,
    active: &Active,
    ticket: &Ticket,
    answer: Answer<'_>,
    terms: Terms,
    now: Timestamp,
) -> Result<OutboxEntry, AnswerError> {
    let no_address = || AnswerError::NoAddress(ticket.number);
    let contact = contacts::get(tx, ticket.contact)?.ok_or_else(no_address)?;
    let to = contact.addresses.first().ok_or_else(no_address)?;
    let values = ticket_values(ticket, contact.name.as_deref(), to, &active.settings.desk)
        .with("agent.name", answer.agent)
        .with("message", answer.text);
    let rendered = render(Kind::AgentReply, &active.templates, &values).map_err(EnqueueError::from)?;
    let draft = Draft {
        kind: Kind::AgentReply,
        ticket: ticket.number,
        entry: answer.entry,
        to,
        to_name: contact.name.as_deref(),
        sender: answering_sender(active, ticket)?,
        from_name: None,
        thread: thread_ids(tx, ticket)?,
        install: &active.identity.install,
    };
    Ok(enqueue_on(tx, draft, rendered, active, terms, now)?)
}

/// The sender that answers on a ticket.
///
/// # Errors
/// There is none.
pub fn answering_sender<'a>(active: &'a Active, ticket: &Ticket) -> Result<&'a Sender, AnswerError> {
    // A mailbox that was removed leaves its tickets; they are answered by the first sender.
    let mailbox = active.settings.mailbox(&ticket.mailbox);
    let sender = mailbox.map_or_else(|| active.settings.sender.first(), |mailbox| active.settings.sender_for(mailbox));
    sender.ok_or(AnswerError::NoSender)
}

/// Message ids of the public thread's newest part, oldest first.
fn thread_ids(store: &impl Read, ticket: &Ticket) -> Result<Vec<String>, StoreError> {
    let after = EntryNumber(ticket.entries.saturating_sub(THREAD_WINDOW));
    let entries = entries::list(store, ticket.number, Some(after), THREAD_WINDOW as usize)?;
    let public = entries.into_iter().filter(|entry| entry.kind == EntryKind::Comment);
    Ok(public.filter_map(|entry| entry.message_id).collect())
}
