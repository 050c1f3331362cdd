//! What was found when a mailbox was first polled.

use jiff::Timestamp;
use maildesk_core::ids::{Uid, UidValidity};
use maildesk_core::settings::MailboxName;

use super::prefix::MAILBOXES;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::MailboxStateRecord;

/// Where a mailbox began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailboxState {
    pub uid_validity: UidValidity,
    /// Mails with a lower UID were there before the first contact.
    pub first_uid: Option<Uid>,
    pub first_contact: Timestamp,
}

pub fn get(read: &(impl Read + ?Sized), mailbox: &MailboxName) -> Result<Option<MailboxState>, StoreError> {
    rows::load::<MailboxStateRecord, MailboxState>(read, MAILBOXES, &key(mailbox))
}

pub fn put(tx: &mut Transaction<'_>, mailbox: &MailboxName, state: &MailboxState) -> Result<(), StoreError> {
    rows::save(tx, MAILBOXES, &key(mailbox), &MailboxStateRecord::from(*state))
}

fn key(mailbox: &MailboxName) -> Vec<u8> {
    MAILBOXES.key(&[mailbox.as_str().as_bytes()])
}
