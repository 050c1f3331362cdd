//! Invitations by number.

use maildesk_core::ids::InvitationId;
use maildesk_core::invitation::Invitation;

use super::prefix::INVITATIONS;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::InvitationRecord;

pub fn get(read: &(impl Read + ?Sized), id: InvitationId) -> Result<Option<Invitation>, StoreError> {
    rows::load::<InvitationRecord, Invitation>(read, INVITATIONS, &INVITATIONS.number(id.0))
}

/// Writes a new invitation or replaces the one of this number.
pub fn put(tx: &mut Transaction<'_>, invitation: &Invitation) -> Result<(), StoreError> {
    rows::save(tx, INVITATIONS, &INVITATIONS.number(invitation.id.0), &InvitationRecord::from(invitation.clone()))
}

/// Invitations, the newest first.
pub fn list(
    read: &(impl Read + ?Sized),
    before: Option<InvitationId>,
    limit: usize,
) -> Result<Vec<Invitation>, StoreError> {
    rows::newest::<InvitationRecord, Invitation>(read, INVITATIONS, before.map(|id| id.0), limit)
}
