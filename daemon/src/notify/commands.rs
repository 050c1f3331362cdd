//! The answer to an agent whose mail asked for what cannot be done.

use super::agents::about_values;
use super::{agent_reader, sender_of};
use crate::active::Active;
use crate::outbox::{AnswerError, EnqueueError, Terms, enqueue_on};
use crate::store::kv::Transaction;
use jiff::Timestamp;
use maildesk_core::ids::{EntryNumber, OutboxId};
use maildesk_core::mail_command::{allowed, sentence};
use maildesk_core::notification::{Kind, render};
use maildesk_core::outbox::Draft;
use maildesk_core::route::AgentReply;
use maildesk_core::text::shorten;
use maildesk_core::ticket::Ticket;

/// Characters of the agent's text that are repeated.
const LONGEST_MESSAGE: usize = 10_000;

/// What was refused.
#[derive(Debug, Clone, Copy)]
pub struct Refusal<'a> {
    pub mail: &'a AgentReply,
    pub ticket: &'a Ticket,
    /// The note that keeps what the agent wrote.
    pub entry: EntryNumber,
    pub message: &'a str,
    /// Message ids of the agent's mail and its thread, oldest first.
    pub thread: &'a [String],
}

/// Queues the answer, which carries a reply token of its own for the agent.
///
/// # Errors
/// It cannot be made or queued; nothing was written then.
pub fn tell_refused(
    tx: &mut Transaction<'_>,
    active: &Active,
    refusal: &Refusal<'_>,
    now: Timestamp,
) -> Result<OutboxId, AnswerError> {
    let Refusal { mail, ticket, entry, message, thread } = *refusal;
    let settings = &active.settings;
    let sender = sender_of(active, ticket).ok_or(AnswerError::NoSender)?;
    let agent = settings.agent(&mail.agent).ok_or(AnswerError::NoAddress(ticket.number))?;
    let reader = agent_reader(settings, agent);
    let values = about_values(tx, active, ticket, &reader)?.ok_or(AnswerError::NoAddress(ticket.number))?;
    let values = values
        .with("reader.name", agent.display())
        .with_list("problems", mail.slips.iter().map(|slip| sentence(slip, reader.language)))
        .with_list("commands", allowed(&ticket.status, &settings.agents))
        .with("message", shorten(message, LONGEST_MESSAGE));
    let kind = Kind::CommandRefused;
    let rendered = render(kind, reader.language, &active.templates.current(), &values).map_err(EnqueueError::from)?;
    let draft = Draft {
        kind,
        about: Some((ticket.number, entry)),
        token: None,
        to: &mail.from,
        to_name: Some(agent.display()),
        sender,
        from_name: None,
        thread: thread.to_vec(),
        install: &active.identity.install,
        attachments: Vec::new(),
    };
    Ok(enqueue_on(tx, draft, rendered, active, Terms::default(), now)?.id)
}
