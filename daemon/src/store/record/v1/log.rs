//! What the install knows about itself on disk: its identity, its mailboxes' beginnings, who did what.

use jiff::Timestamp;
use maildesk_core::ids::{Uid, UidValidity};
use maildesk_core::route::CleanUpNote;
use serde::{Deserialize, Serialize};

use super::each;
use crate::store::tables::audit::AuditEntry;
use crate::store::tables::install::{Install, OlderKey};
use crate::store::tables::mailboxes::MailboxState;

/// [`Install`].
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct InstallRecord {
    id: String,
    sealed_token_key: Vec<u8>,
    #[serde(default)]
    key_made: Option<Timestamp>,
    #[serde(default)]
    older_keys: Vec<OlderKeyRecord>,
}

same_struct!(OlderKeyRecord = OlderKey { sealed: Vec<u8>, made: Option<Timestamp>, replaced: Timestamp });

impl From<Install> for InstallRecord {
    fn from(install: Install) -> InstallRecord {
        let Install { id, sealed_token_key, key_made, older_keys } = install;
        InstallRecord { id, sealed_token_key, key_made, older_keys: each(older_keys) }
    }
}

impl From<InstallRecord> for Install {
    fn from(record: InstallRecord) -> Install {
        let InstallRecord { id, sealed_token_key, key_made, older_keys } = record;
        Install { id, sealed_token_key, key_made, older_keys: each(older_keys) }
    }
}

same_struct!(MailboxStateRecord = MailboxState {
    uid_validity: UidValidity,
    first_uid: Option<Uid>,
    first_contact: Timestamp,
});

same_struct!(AuditRecord = AuditEntry { seq: u64, at: Timestamp, user: String, what: String });

same_struct!(CleanUpNoteRecord = CleanUpNote { last: Timestamp, waited_hours: u32 });
