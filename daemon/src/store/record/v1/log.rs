//! What the install knows about itself on disk: its identity, its mailboxes' beginnings, who did what.

use jiff::Timestamp;
use maildesk_core::ids::{Uid, UidValidity};

use crate::store::tables::audit::AuditEntry;
use crate::store::tables::install::Install;
use crate::store::tables::mailboxes::MailboxState;

same_struct!(InstallRecord = Install { id: String, sealed_token_key: Vec<u8> });

same_struct!(MailboxStateRecord = MailboxState {
    uid_validity: UidValidity,
    first_uid: Option<Uid>,
    first_contact: Timestamp,
});

same_struct!(AuditRecord = AuditEntry { seq: u64, at: Timestamp, user: String, what: String });
