//! Mails to agents about tickets. Their Message-ID carries a reply token for the agent's own address, so that an
//! answer to one is known as the agent's.

use super::{agent_reader, sender_of};
use crate::active::Active;
use crate::outbox::{EnqueueError, Terms, enqueue_on};
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{contacts, customers, events};
use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::EntryNumber;
use maildesk_core::notification::{About, Doer, Reader, Values, recipients, render, ticket_values};
use maildesk_core::outbox::Draft;
use maildesk_core::settings::{Agent, AgentNotice, Sender};
use maildesk_core::text::shorten;
use maildesk_core::ticket::Ticket;

/// Characters of a customer's text that a notice repeats.
const LONGEST_MESSAGE: usize = 10_000;

/// Something to tell agents.
#[derive(Debug, Clone, Copy)]
pub struct AgentNews<'a> {
    pub notice: AgentNotice,
    pub ticket: &'a Ticket,
    /// The entry that it is about.
    pub entry: EntryNumber,
    /// What the customer wrote.
    pub message: &'a str,
    pub doer: Doer<'a>,
    /// User names of agents who were told already.
    pub but_not: &'a [String],
}

/// Who was told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// User names.
    pub told: Vec<String>,
    /// Who was not, and why, in sentences.
    pub untold: Vec<String>,
}

/// Queues a mail to each agent whom it concerns. A mail that cannot be queued is told by an event: the ticket is worth
/// more than the word about it. `more` adds the values that only this news has.
///
/// # Errors
/// Only the store's.
pub fn tell_agents(
    tx: &mut Transaction<'_>,
    active: &Active,
    news: &AgentNews<'_>,
    more: impl Fn(Values, &Reader) -> Values,
    now: Timestamp,
) -> Result<Heard, StoreError> {
    let AgentNews { notice, ticket, doer, but_not, .. } = *news;
    let agents = recipients(&active.settings.agents, notice, ticket.assignee.as_deref(), doer);
    let mut heard = Heard::default();
    let Some(sender) = sender_of(active, ticket) else { return Ok(heard) };
    for agent in agents.into_iter().filter(|agent| !but_not.contains(&agent.name)) {
        let Some(to) = agent.addresses.first() else { continue };
        let reason = match tell_one(tx, active, news, sender, (agent, to), &more, now) {
            Ok(true) => {
                heard.told.push(agent.name.clone());
                continue;
            }
            Ok(false) => "its contact has no address".to_owned(),
            Err(EnqueueError::Store(error)) => return Err(error),
            Err(error) => error.to_string(),
        };
        tracing::warn!(agent = agent.name, ticket = %ticket.number, reason, "an agent is not told by mail");
        heard.untold.push(format!("{} is not told by mail: {reason}", agent.name));
        let (agent, notice) = (agent.name.clone(), notice.kind());
        let what = DomainEvent::AgentNotTold { ticket: ticket.number, agent, notice, reason };
        events::append(tx, now, what)?;
    }
    Ok(heard)
}

/// False where the ticket has nobody to speak of.
fn tell_one(
    tx: &mut Transaction<'_>,
    active: &Active,
    news: &AgentNews<'_>,
    sender: &Sender,
    (agent, to): (&Agent, &Address),
    more: &impl Fn(Values, &Reader) -> Values,
    now: Timestamp,
) -> Result<bool, EnqueueError> {
    let (ticket, kind, settings) = (news.ticket, news.notice.kind(), &active.settings);
    let called = |name: &str| settings.agent(name).map_or(name, Agent::display).to_owned();
    let actor = match news.doer {
        Doer::Agent(name) => called(name),
        Doer::Address(_) | Doer::Clock => String::new(),
    };
    let reader = agent_reader(settings, agent);
    let Some(values) = about_values(tx, active, ticket, &reader)? else { return Ok(false) };
    let values = values
        .with("reader.name", agent.display())
        .with("agent.name", ticket.assignee.as_deref().map(called).unwrap_or_default())
        .with("actor.name", actor)
        .with("message", shorten(news.message, LONGEST_MESSAGE));
    let rendered = render(kind, reader.language, &active.templates.current(), &more(values, &reader))?;
    // No mail has this id; all notices of a ticket refer to it, so that mail programs show them together.
    let root = format!("md-thread.{}.{}@{}", ticket.number, active.identity.install, sender.from.domain());
    let draft = Draft {
        kind,
        about: Some((ticket.number, news.entry)),
        token: None,
        to,
        to_name: Some(agent.display()),
        sender,
        from_name: None,
        thread: vec![root],
        install: &active.identity.install,
        attachments: Vec::new(),
    };
    enqueue_on(tx, draft, rendered, active, Terms::default(), now).map(|_| true)
}

/// What a ticket says of itself and the people around it; nothing where its contact has no address.
pub(super) fn about_values(
    read: &impl Read,
    active: &Active,
    ticket: &Ticket,
    reader: &Reader,
) -> Result<Option<Values>, StoreError> {
    let contact = contacts::get(read, ticket.contact)?;
    let customer = ticket.customer.map(|id| customers::get(read, id)).transpose()?.flatten();
    let Some(contact_address) = contact.as_ref().and_then(|contact| contact.addresses.first()) else {
        return Ok(None);
    };
    let about = About {
        ticket,
        contact_name: contact.as_ref().and_then(|contact| contact.name.as_deref()),
        contact_address,
        customer_name: customer.as_ref().map(|customer| customer.name.as_str()),
        desk_name: &active.settings.desk.name,
    };
    Ok(Some(ticket_values(&about, reader)))
}
