//! What a template would make: with examples or with a real ticket, to look at or sent to somebody.

use super::fault::{Fault, found, read};
use super::once::once;
use super::parts::RpcParts;
use super::templates::source;
use crate::active::Active;
use crate::notify::{contact_reader, sender_of};
use crate::outbox::{EnqueueError, Terms, enqueue_on};
use crate::smtp::compose;
use crate::store::kv::{Read, Transaction};
use crate::store::{audit, contacts, customers, entries, events, tickets};
use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::ids::OutboxId;
use maildesk_core::mail::html_to_text;
use maildesk_core::notification::{
    About, CheckedSource, CompiledTemplate, Reader, Rendered, Values, check, ticket_values, variables,
};
use maildesk_core::outbox::Draft;
use maildesk_core::rpc::{
    PreviewedMail, RequestKey, RpcError, TemplateData, TemplateId, TemplatePreview, TemplateVersion,
};
use maildesk_core::settings::Sender;
use maildesk_core::ticket::{Author, Entry, EntryKind, Ticket};
use std::sync::Arc;

/// Entries looked through for the text that the kind repeats.
const LOOKED_AT: usize = 200;

pub(super) async fn render(
    parts: &RpcParts,
    which: TemplateId,
    version: TemplateVersion,
    data: TemplateData,
) -> Result<TemplatePreview, Fault> {
    let (active, now) = (Arc::clone(&parts.active.borrow()), parts.clock.now());
    read(&parts.store, move |store| {
        let source = source(store, which, version)?;
        let compiled = match CompiledTemplate::compile(which.kind, &source) {
            Ok(compiled) => compiled,
            Err(_) => return Ok(TemplatePreview { checked: check(which.kind, &source), mail: None }),
        };
        let filled = filled(store, &active, which, data)?;
        let rendered = compiled.render(&filled.values).map_err(refused)?;
        let size = match (&filled.sender, Address::parse("ada@example.org")) {
            (Some(sender), Ok(to)) => {
                let draft = draft(which, &to, sender, &active);
                let (_, mail) = draft.finish(rendered.clone(), OutboxId(0), &active.identity.keys, now);
                compose(&mail).map_err(Fault::inner)?.len() as u64
            }
            _ => 0,
        };
        let Rendered { subject, html, text, .. } = rendered;
        let html_as_text = html_to_text(&html);
        let checked = CheckedSource { problems: Vec::new(), warnings: compiled.warnings() };
        Ok(TemplatePreview { checked, mail: Some(PreviewedMail { subject, html, text, html_as_text, size }) })
    })
    .await
}

/// Queues what the template makes to an address, as a mail about no ticket.
pub(super) async fn send(
    parts: &RpcParts,
    user: String,
    (which, version, data): (TemplateId, TemplateVersion, TemplateData),
    to: Address,
    key: RequestKey,
) -> Result<OutboxId, Fault> {
    let (active, now) = (Arc::clone(&parts.active.borrow()), parts.clock.now());
    let work = move |tx: &mut Transaction<'_>| send_within(tx, &active, &user, (which, version, data), &to, now);
    let id = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    parts.nudges.outbox.notify_waiters();
    Ok(id)
}

fn send_within(
    tx: &mut Transaction<'_>,
    active: &Active,
    user: &str,
    (which, version, data): (TemplateId, TemplateVersion, TemplateData),
    to: &Address,
    now: Timestamp,
) -> Result<OutboxId, Fault> {
    let source = source(tx, which, version)?;
    let compiled = CompiledTemplate::compile(which.kind, &source).map_err(|problems| {
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        RpcError::Rejected(format!("the template has problems, such as {first}"))
    })?;
    let filled = filled(tx, active, which, data)?;
    let rendered = compiled.render(&filled.values).map_err(refused)?;
    let sender = filled.sender.ok_or_else(|| RpcError::Rejected("there is no sender; add a [[sender]]".into()))?;
    let draft = draft(which, to, &sender, active);
    let queued = enqueue_on(tx, draft, rendered, active, Terms::default(), now).map_err(|error| match error {
        EnqueueError::Store(error) => Fault::Store(error),
        other => Fault::Told(RpcError::Rejected(other.to_string())),
    })?;
    audit::append(tx, now, user, &format!("sent template {} {} to {to}", which.kind, which.language))?;
    Ok(queued.id)
}

fn refused(error: maildesk_core::notification::RenderError) -> Fault {
    RpcError::Rejected(error.to_string()).into()
}

fn draft<'a>(which: TemplateId, to: &'a Address, sender: &'a Sender, active: &'a Active) -> Draft<'a> {
    Draft {
        kind: which.kind,
        about: None,
        token: None,
        to,
        to_name: None,
        sender,
        from_name: None,
        thread: Vec::new(),
        install: &active.identity.install,
        attachments: Vec::new(),
    }
}

/// Values, and whose mail it would be.
struct Filled {
    values: Values,
    sender: Option<Sender>,
}

fn filled(store: &impl Read, active: &Active, which: TemplateId, data: TemplateData) -> Result<Filled, Fault> {
    let settings = &active.settings;
    let zone = settings.desk.time_zone.zone();
    let reader = Reader { language: which.language, zone };
    let samples =
        Values::examples_for(variables(which.kind), reader.clone()).with("desk.name", settings.desk.name.as_str());
    match data {
        TemplateData::Sample => Ok(Filled { values: samples, sender: settings.sender.first().cloned() }),
        TemplateData::Ticket(number) => {
            let ticket = found(tickets::get(store, number)?, "ticket", format!("#{number}"))?;
            let values = of_ticket(store, active, &ticket, &reader, samples)?;
            Ok(Filled { values, sender: sender_of(active, &ticket).cloned() })
        }
    }
}

/// The examples, with all that the ticket says in their place.
fn of_ticket(
    store: &impl Read,
    active: &Active,
    ticket: &Ticket,
    reader: &Reader,
    samples: Values,
) -> Result<Values, Fault> {
    let settings = &active.settings;
    let contact = found(contacts::get(store, ticket.contact)?, "contact", ticket.contact)?;
    let customer = ticket.customer.map(|id| customers::get(store, id)).transpose()?.flatten();
    let Some(contact_address) = contact.addresses.first() else {
        return Err(RpcError::Rejected(format!("the contact of #{} has no address", ticket.number)).into());
    };
    let about = About {
        ticket,
        contact_name: contact.name.as_deref(),
        contact_address,
        customer_name: customer.as_ref().map(|customer| customer.name.as_str()),
        desk_name: &settings.desk.name,
    };
    let known = Reader { language: reader.language, ..contact_reader(settings, &ticket.mailbox, &contact) };
    let mut values = samples.overlaid(ticket_values(&about, &known));
    if let Some(assignee) = &ticket.assignee {
        values = values.with("agent.name", settings.agent(assignee).map_or(assignee.as_str(), |agent| agent.display()));
    }
    if let Some(text) = newest_text(store, ticket)? {
        values = values.with("message", text);
    }
    Ok(values)
}

/// What the customer wrote last.
fn newest_text(store: &impl Read, ticket: &Ticket) -> Result<Option<String>, Fault> {
    let entries = entries::newest(store, ticket, LOOKED_AT)?;
    let by_contact = |entry: &Entry| matches!(entry.author, Author::Contact { .. });
    let newest = entries.into_iter().rfind(|entry| entry.kind == EntryKind::Comment && by_contact(entry));
    Ok(newest.map(|entry| entry.new_text()))
}
