//! An invitation on disk.

use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::ids::{CustomerId, InvitationId, OutboxId};
use maildesk_core::invitation::{Invitation, InvitationEnd, InvitedAs};
use maildesk_core::settings::{AgentNotice, SenderName};
use serde::{Deserialize, Serialize};

use super::each;
use super::language::LanguageRecord;
use super::settings::AgentNoticeRecord;

/// [`Invitation`].
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct InvitationRecord {
    id: InvitationId,
    to: Address,
    name: Option<String>,
    role: InvitedAsRecord,
    language: Option<LanguageRecord>,
    sender: SenderName,
    by: String,
    created: Timestamp,
    sendings: u32,
    sent: Timestamp,
    expires: Timestamp,
    outbox: OutboxId,
    end: Option<InvitationEndRecord>,
}

/// [`InvitedAs`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
enum InvitedAsRecord {
    Agent { name: String, notify: Vec<AgentNoticeRecord> },
    Contact { customer: Option<CustomerId> },
}

same_enum!(InvitationEndRecord = InvitationEnd {
    Accepted { at: Timestamp },
    Revoked { at: Timestamp, by: String },
});

impl From<InvitedAs> for InvitedAsRecord {
    fn from(role: InvitedAs) -> InvitedAsRecord {
        match role {
            InvitedAs::Agent { name, notify } => InvitedAsRecord::Agent { name, notify: each(notify) },
            InvitedAs::Contact { customer } => InvitedAsRecord::Contact { customer },
        }
    }
}

impl From<InvitedAsRecord> for InvitedAs {
    fn from(record: InvitedAsRecord) -> InvitedAs {
        match record {
            InvitedAsRecord::Agent { name, notify } => {
                InvitedAs::Agent { name, notify: each::<AgentNoticeRecord, AgentNotice>(notify) }
            }
            InvitedAsRecord::Contact { customer } => InvitedAs::Contact { customer },
        }
    }
}

impl From<Invitation> for InvitationRecord {
    fn from(given: Invitation) -> InvitationRecord {
        let Invitation { id, to, name, role, language, sender, by, created, sendings, sent, expires, outbox, end } =
            given;
        let (role, language, end) = (role.into(), language.map(LanguageRecord::from), end.map(Into::into));
        InvitationRecord { id, to, name, role, language, sender, by, created, sendings, sent, expires, outbox, end }
    }
}

impl From<InvitationRecord> for Invitation {
    fn from(given: InvitationRecord) -> Invitation {
        let InvitationRecord { id, to, name, role, language, sender, by, created, .. } = given;
        let InvitationRecord { sendings, sent, expires, outbox, end, .. } = given;
        let (role, language, end) = (role.into(), language.map(Into::into), end.map(Into::into));
        Invitation { id, to, name, role, language, sender, by, created, sendings, sent, expires, outbox, end }
    }
}
