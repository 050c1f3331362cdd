//! The mails of invitations: the invitation itself, and what became of an answer to it.

use crate::active::Active;
use crate::outbox::{AnswerError, EnqueueError, Terms, enqueue_on};
use crate::store::customers;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use jiff::Timestamp;
use maildesk_core::ids::OutboxId;
use maildesk_core::invitation::{Invitation, InvitedAs, Refusal, token_of};
use maildesk_core::notification::{Kind, Reader, Values, render};
use maildesk_core::outbox::Draft;
use maildesk_core::settings::{Agent, Sender, Settings};

/// Queues the newest mail of an invitation, which carries its token.
///
/// # Errors
/// It cannot be made or queued; nothing was written then.
pub fn send(
    tx: &mut Transaction<'_>,
    active: &Active,
    invitation: &Invitation,
    now: Timestamp,
) -> Result<OutboxId, AnswerError> {
    let keys = &active.identity.keys;
    let token = token_of(keys, invitation.id, invitation.sendings, &invitation.to);
    let values = values(tx, &active.settings, invitation)?
        .with("invitation.code", token.as_str())
        .with_time("invitation.expires", invitation.expires);
    queue(tx, active, Kind::Invitation, invitation, values, Way { token: Some(token), thread: Vec::new() }, now)
}

/// Queues the answer to who has answered an invitation: that it is accepted, or why not.
///
/// # Errors
/// As of [`send`].
pub fn tell_outcome(
    tx: &mut Transaction<'_>,
    active: &Active,
    invitation: &Invitation,
    refused: Option<&Refusal>,
    thread: &[String],
    now: Timestamp,
) -> Result<OutboxId, AnswerError> {
    let reader = reader(&active.settings, invitation);
    let reason = refused.map(|refusal| refusal.reason(&reader)).unwrap_or_default();
    let values = values(tx, &active.settings, invitation)?.with("reason", reason);
    queue(tx, active, Kind::InvitationAnswer, invitation, values, Way { token: None, thread: thread.to_vec() }, now)
}

/// What is special about how a mail goes.
struct Way {
    token: Option<String>,
    thread: Vec<String>,
}

fn queue(
    tx: &mut Transaction<'_>,
    active: &Active,
    kind: Kind,
    invitation: &Invitation,
    values: Values,
    way: Way,
    now: Timestamp,
) -> Result<OutboxId, AnswerError> {
    let language = reader(&active.settings, invitation).language;
    let rendered = render(kind, language, &active.templates.current(), &values).map_err(EnqueueError::from)?;
    let draft = Draft {
        kind,
        about: None,
        token: way.token,
        to: &invitation.to,
        to_name: invitation.name.as_deref(),
        sender: sender(&active.settings, invitation).ok_or(AnswerError::NoSender)?,
        from_name: None,
        thread: way.thread,
        install: &active.identity.install,
        attachments: Vec::new(),
    };
    Ok(enqueue_on(tx, draft, rendered, active, Terms::default(), now)?.id)
}

/// The sender of the invitation; where it was removed meanwhile, the first.
fn sender<'a>(settings: &'a Settings, invitation: &Invitation) -> Option<&'a Sender> {
    settings.sender(&invitation.sender).or_else(|| settings.sender.first())
}

fn reader(settings: &Settings, invitation: &Invitation) -> Reader {
    Reader { language: invitation.language.unwrap_or(settings.desk.language), zone: settings.desk.time_zone.zone() }
}

fn values(read: &impl Read, settings: &Settings, invitation: &Invitation) -> Result<Values, StoreError> {
    let (account, customer) = match &invitation.role {
        InvitedAs::Agent { name, .. } => (name.as_str(), None),
        InvitedAs::Contact { customer } => ("", *customer),
    };
    let customer = customer.map(|id| customers::get(read, id)).transpose()?.flatten();
    let by = settings.agent(&invitation.by).map_or(invitation.by.as_str(), Agent::display);
    Ok(Values::for_reader(reader(settings, invitation))
        .with("desk.name", settings.desk.name.as_str())
        .with("agent.name", invitation.name.as_deref().unwrap_or_default())
        .with("actor.name", by)
        .with("account", account)
        .with("customer.name", customer.map(|customer| customer.name).unwrap_or_default()))
}
