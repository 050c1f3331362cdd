//! An invitation is accepted: the person becomes an agent in the settings, or a contact whose address is confirmed.

use crate::store::counters::{self, Counter};
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{DirectoryError, audit, contacts, events, invitations, settings};
use jiff::Timestamp;
use maildesk_core::directory::Contact;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::{ContactId, CustomerId, Revision};
use maildesk_core::invitation::{Invitation, InvitationEnd, InvitedAs};
use maildesk_core::settings::FieldProblem;

#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The settings do not take the person as an agent.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldProblem>),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

/// Writes all that accepting means. The answer was examined before. Settings that changed come into force once the
/// caller has committed and follows them.
///
/// # Errors
/// Nothing was written then, or the transaction fails.
pub fn accept(
    tx: &mut Transaction<'_>,
    invitation: Invitation,
    by: &str,
    now: Timestamp,
) -> Result<Invitation, AcceptError> {
    let what = match &invitation.role {
        InvitedAs::Agent { name, .. } => {
            let (revision, stored) = settings::get(tx)?;
            let with_agent = invitation.accepted_in(&stored).map_err(AcceptError::Invalid)?;
            let revision = Revision(revision.0 + 1);
            settings::put(tx, revision, &with_agent)?;
            events::append(tx, now, DomainEvent::SettingsApplied { revision, by: by.to_owned() })?;
            format!("accepted invitation {} of {} as agent {name}", invitation.id, invitation.to)
        }
        InvitedAs::Contact { customer } => {
            let id = confirm(tx, &invitation, *customer, now)?;
            format!("accepted invitation {} of {} as contact {id}", invitation.id, invitation.to)
        }
    };
    let accepted = Invitation { end: Some(InvitationEnd::Accepted { at: now }), ..invitation };
    invitations::put(tx, &accepted)?;
    audit::append(tx, now, by, &what)?;
    events::append(tx, now, DomainEvent::InvitationChanged { invitation: accepted.id, what, by: by.to_owned() })?;
    Ok(accepted)
}

/// The contact of the address, made where there is none. What is known of the person stays as it is.
fn confirm(
    tx: &mut Transaction<'_>,
    invitation: &Invitation,
    customer: Option<CustomerId>,
    now: Timestamp,
) -> Result<ContactId, AcceptError> {
    let contact = match contacts::by_address(tx, &invitation.to)? {
        Some(known) => Contact {
            name: known.name.clone().or_else(|| invitation.name.clone()),
            customer: customer.or(known.customer),
            language: known.language.or(invitation.language),
            confirmed: Some(now),
            ..known
        },
        None => Contact {
            id: ContactId(counters::next(tx, Counter::Contact)?),
            name: invitation.name.clone(),
            addresses: vec![invitation.to.clone()],
            customer,
            language: invitation.language,
            confirmed: Some(now),
            created: now,
        },
    };
    contacts::put(tx, &contact)?;
    Ok(contact.id)
}
