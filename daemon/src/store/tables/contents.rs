//! Mails of a mailbox by a hash of their content, so that one mail is known again under another UID.

use maildesk_core::ids::MailId;
use maildesk_core::settings::MailboxName;

use super::prefix::CONTENTS;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};

/// The mail of this mailbox with this content.
pub fn find(
    read: &(impl Read + ?Sized),
    mailbox: &MailboxName,
    content: &[u8; 32],
) -> Result<Option<MailId>, StoreError> {
    Ok(rows::number(read, CONTENTS, &CONTENTS.of_mailbox(mailbox, content))?.map(MailId))
}

pub fn put(
    tx: &mut Transaction<'_>,
    mailbox: &MailboxName,
    content: &[u8; 32],
    mail: MailId,
) -> Result<(), StoreError> {
    tx.put(&CONTENTS.of_mailbox(mailbox, content), &mail.0.to_be_bytes())
}
