//! An agent's answer on its way to the requester, whether it was typed here or came by mail.

use super::enqueue::{EnqueueError, Terms};
use crate::active::Active;
use crate::notify::{ContactNews, sender_of, tell_contact, thread_ids};
use crate::store::contacts;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use jiff::Timestamp;
use maildesk_core::ids::{EntryNumber, TicketNumber};
use maildesk_core::notification::Kind;
use maildesk_core::outbox::OutboxEntry;
use maildesk_core::settings::Sender;
use maildesk_core::ticket::{AttachmentRef, Ticket};

/// Why an answer was not queued.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    #[error("there is no sender to answer with; add a [[sender]]")]
    NoSender,
    #[error("the contact of #{0} has no address")]
    NoAddress(TicketNumber),
    /// A file of it is of a kind that the desk does not pass on.
    #[error("{0}")]
    Blocked(String),
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}

impl From<StoreError> for AnswerError {
    fn from(error: StoreError) -> Self {
        Self::Enqueue(EnqueueError::Store(error))
    }
}

/// What an agent answers.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// The entry of the ticket that carries it.
    pub entry: EntryNumber,
    /// Unix user name of the agent.
    pub agent: &'a str,
    pub text: &'a str,
    /// Files that go along; their blobs are those of the entry.
    pub attachments: Vec<AttachmentRef>,
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
    let news = ContactNews {
        kind: Kind::AgentReply,
        ticket,
        entry: answer.entry,
        contact: &contact,
        to,
        sender: answering_sender(active, ticket)?,
        thread: thread_ids(tx, ticket)?,
        agent: Some(answer.agent),
        message: Some(answer.text),
        attachments: answer.attachments,
    };
    Ok(tell_contact(tx, active, news, terms, now)?)
}

/// The sender that answers on a ticket.
///
/// # Errors
/// There is none.
pub fn answering_sender<'a>(active: &'a Active, ticket: &Ticket) -> Result<&'a Sender, AnswerError> {
    sender_of(active, ticket).ok_or(AnswerError::NoSender)
}
