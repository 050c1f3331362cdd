//! What a person does to a mail of the outbox, within one transaction.

use super::Sending;
use super::thread::{free_next, name, tell};
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{outbox, suppressions};
use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::OutboxId;
use maildesk_core::notification::Kind;
use maildesk_core::outbox::redirect::with_recipient;
use maildesk_core::outbox::{Attempt, NotAllowed, OutboxAction, OutboxEntry, OutboxState, Told};
use maildesk_core::settings::Silent;
use maildesk_core::ticket::EntryKind;

/// Why it was not done; nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error("there is no outbox mail {0}")]
    Unknown(OutboxId),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error("mail {0} is being sent at this moment; look again in a few seconds")]
    Sending(OutboxId),
    #[error("{0}; --even-if-suppressed sends it all the same")]
    Suppressed(String),
    #[error("silent mode holds mail to {0}: allow the address in desk.silent, or switch silent mode off")]
    Silent(Address),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who acts, when, and under what.
pub struct Actor<'a> {
    pub by: &'a str,
    pub now: Timestamp,
    pub silent: Option<&'a Silent>,
    pub sending: &'a Sending,
}

/// Changes one mail. Gives it as it is now, and the event to append.
///
/// # Errors
/// [`ActError`] in words for the person.
pub fn act(
    tx: &mut Transaction<'_>,
    id: OutboxId,
    action: &OutboxAction,
    actor: &Actor<'_>,
) -> Result<(OutboxEntry, DomainEvent), ActError> {
    let Actor { by, now, .. } = *actor;
    let before = outbox::get(tx, id)?.ok_or(ActError::Unknown(id))?;
    if actor.sending.contains(id) {
        return Err(ActError::Sending(id));
    }
    let mut mail = before.clone();
    mail.state = action.apply(id, &before.state.clone().at(now), by, now)?;
    if begins_anew(action, &before.state) {
        (mail.tried_since, mail.deferrals) = (Some(now), 0);
    }
    let by = by.to_owned();
    let event = match action {
        OutboxAction::Retry { even_if_suppressed } => {
            mail.even_if_suppressed |= even_if_suppressed;
            refuse_suppressed(tx, &mail, now)?;
            mail.told = Told::Nothing;
            DomainEvent::MailRetried { outbox: id, by }
        }
        OutboxAction::Cancel => {
            if mail.kind == Kind::AgentReply {
                let text = format!("{by} cancelled {}: it was not sent", name(&mail));
                tell(tx, &mail, EntryKind::Note, text, now)?;
            }
            DomainEvent::MailCancelled { outbox: id, by }
        }
        OutboxAction::Hold => DomainEvent::MailHeld { outbox: id, by },
        OutboxAction::Release => {
            if actor.silent.is_some_and(|silent| !silent.allows(&mail.to)) {
                return Err(ActError::Silent(mail.to));
            }
            DomainEvent::MailReleased { outbox: id, by }
        }
        OutboxAction::Redirect { to } => {
            redirect(tx, &mut mail, to, &by, now)?;
            DomainEvent::MailRedirected { outbox: id, to: to.to_string(), by }
        }
    };
    outbox::put(tx, &mail)?;
    if !mail.state.is_waiting() || mail.to != before.to {
        free_next(tx, &before, now)?;
    }
    Ok((mail, event))
}

/// Whether a mail gets its five days once more: one that was given up or lay held may be older than they are.
fn begins_anew(action: &OutboxAction, before: &OutboxState) -> bool {
    match action {
        OutboxAction::Retry { .. } => matches!(before, OutboxState::Failed { .. }),
        OutboxAction::Release | OutboxAction::Redirect { .. } => true,
        OutboxAction::Cancel | OutboxAction::Hold => false,
    }
}

fn redirect(
    tx: &mut Transaction<'_>,
    mail: &mut OutboxEntry,
    to: &Address,
    by: &str,
    now: Timestamp,
) -> Result<(), ActError> {
    let words = format!("{by} changed the recipient from {} to {to}", mail.to);
    tell(tx, mail, EntryKind::Note, format!("{words} of {}", name(mail)), now)?;
    let old = std::mem::replace(&mut mail.to, to.clone());
    refuse_suppressed(tx, mail, now)?;
    // The Message-ID is fixed and its reply token made for the first recipient.
    mail.first_to.get_or_insert(old);
    (mail.told, mail.deferrals, mail.waits_for) = (Told::Nothing, 0, None);
    mail.note_attempt(Attempt { at: now, said: words, meaning: None, remedy: None });
    if let Some(mime) = outbox::message(tx, mail.id)? {
        let before = mime.len() as u64;
        let mime = with_recipient(&mime, to);
        // Its files come on top and stay as they are.
        mail.size = (mail.size + mime.len() as u64).saturating_sub(before);
        outbox::put_message(tx, mail.id, &mime)?;
    }
    Ok(())
}

fn refuse_suppressed(tx: &mut Transaction<'_>, mail: &OutboxEntry, now: Timestamp) -> Result<(), ActError> {
    let found = suppressions::get(tx, &mail.to)?.filter(|found| found.holds(now) && !mail.even_if_suppressed);
    found.map_or(Ok(()), |found| Err(ActError::Suppressed(found.sentence())))
}
