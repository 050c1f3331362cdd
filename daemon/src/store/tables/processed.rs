//! Marks of mails that were judged, by where they lie on their server (invariant 2).

use maildesk_core::ids::{MailId, Uid, UidValidity};
use maildesk_core::settings::MailboxName;

use super::prefix::PROCESSED;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};

/// As which mail it was judged, if it was.
pub fn find(
    read: &(impl Read + ?Sized),
    mailbox: &MailboxName,
    uid_validity: UidValidity,
    uid: Uid,
) -> Result<Option<MailId>, StoreError> {
    Ok(rows::number(read, PROCESSED, &key(mailbox, uid_validity, uid))?.map(MailId))
}

pub fn put(
    tx: &mut Transaction<'_>,
    mailbox: &MailboxName,
    uid_validity: UidValidity,
    uid: Uid,
    mail: MailId,
) -> Result<(), StoreError> {
    tx.put(&key(mailbox, uid_validity, uid), &mail.0.to_be_bytes())
}

fn key(mailbox: &MailboxName, uid_validity: UidValidity, uid: Uid) -> Vec<u8> {
    let place = [uid_validity.0.to_be_bytes(), uid.0.to_be_bytes()].concat();
    PROCESSED.of_mailbox(mailbox, &place)
}
