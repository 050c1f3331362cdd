//! A mail to send on disk; its MIME bytes lie beside it as they are.

use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::ids::{EntryNumber, OutboxId, TicketNumber};
use maildesk_core::notification::Kind;
use maildesk_core::outbox::{Attempt, HoldReason, OutboxEntry, OutboxState, Suppression, Told};
use maildesk_core::settings::SenderName;
use serde::{Deserialize, Serialize};

use super::each;
use super::entry::AttachmentRecord;

/// [`OutboxEntry`].
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct OutboxRecord {
    id: OutboxId,
    kind: KindRecord,
    ticket: Option<TicketNumber>,
    entry: Option<EntryNumber>,
    sender: SenderName,
    from: Address,
    to: Address,
    subject: String,
    message_id: String,
    created: Timestamp,
    #[serde(default)]
    tried_since: Option<Timestamp>,
    size: u64,
    state: OutboxStateRecord,
    #[serde(default)]
    attempts: Vec<AttemptRecord>,
    #[serde(default)]
    deferrals: u32,
    #[serde(default)]
    waits_for: Option<OutboxId>,
    #[serde(default)]
    told: ToldRecord,
    #[serde(default)]
    even_if_suppressed: bool,
    #[serde(default)]
    first_to: Option<Address>,
    #[serde(default)]
    came_back_after: Option<Timestamp>,
    #[serde(default)]
    attachments: Vec<AttachmentRecord>,
}

impl From<OutboxEntry> for OutboxRecord {
    fn from(given: OutboxEntry) -> OutboxRecord {
        let OutboxEntry {
            id,
            kind,
            ticket,
            entry,
            sender,
            from,
            to,
            subject,
            message_id,
            created,
            tried_since,
            size,
            state,
            attempts,
            deferrals,
            waits_for,
            told,
            even_if_suppressed,
            first_to,
            came_back_after,
            attachments,
        } = given;
        OutboxRecord {
            id,
            kind: kind.into(),
            ticket,
            entry,
            sender,
            from,
            to,
            subject,
            message_id,
            created,
            tried_since,
            size,
            state: state.into(),
            attempts: each(attempts),
            deferrals,
            waits_for,
            told: told.into(),
            even_if_suppressed,
            first_to,
            came_back_after,
            attachments: each(attachments),
        }
    }
}

impl From<OutboxRecord> for OutboxEntry {
    fn from(given: OutboxRecord) -> OutboxEntry {
        let OutboxRecord {
            id,
            kind,
            ticket,
            entry,
            sender,
            from,
            to,
            subject,
            message_id,
            created,
            tried_since,
            size,
            state,
            attempts,
            deferrals,
            waits_for,
            told,
            even_if_suppressed,
            first_to,
            came_back_after,
            attachments,
        } = given;
        OutboxEntry {
            id,
            kind: kind.into(),
            ticket,
            entry,
            sender,
            from,
            to,
            subject,
            message_id,
            created,
            tried_since,
            size,
            state: state.into(),
            attempts: each(attempts),
            deferrals,
            waits_for,
            told: told.into(),
            even_if_suppressed,
            first_to,
            came_back_after,
            attachments: each(attachments),
        }
    }
}

same_enum!(OutboxStateRecord = OutboxState {
    Held { since: Timestamp, until: Option<Timestamp>, reason: HoldReasonRecord },
    Due { at: Timestamp },
    Sent { at: Timestamp, server_said: String },
    Failed { at: Timestamp, reason: String },
    Cancelled { at: Timestamp, by: String },
});

same_enum!(HoldReasonRecord = HoldReason { Undo {}, ByPerson { by: String }, Silent {} });

same_struct!(AttemptRecord = Attempt {
    at: Timestamp,
    said: String,
    #[serde(default)]
    meaning: Option<String>,
    #[serde(default)]
    remedy: Option<String>,
});

same_word!(
    #[derive(Default)]
    ToldRecord = Told {
        #[default]
        Nothing,
        Delayed,
        Failed
    }
);

same_struct!(SuppressionRecord = Suppression {
    address: Address,
    reason: String,
    since: Timestamp,
    expires: Option<Timestamp>,
});

same_word!(
    KindRecord = Kind {
        TicketAcknowledgement,
        AgentReply,
        TicketResolved,
        SlaWarning,
        SlaBreached,
        Invitation,
        AgentNewTicket,
        AgentCustomerReplied,
        AgentAssigned,
        AgentReminder,
        CommandRefused,
        InvitationAnswer,
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_from_before_holds_and_suppression_still_reads() {
        let old = r#"{"id":7,"kind":"agent_reply","ticket":1,"entry":2,"sender":"main","from":"a@x.example",
            "to":"b@y.example","subject":"s","message_id":"m@x","created":"1970-01-01T00:00:00Z","size":3,
            "state":{"is":"due","at":"1970-01-01T00:00:01Z"},
            "attempts":[{"at":"1970-01-01T00:00:00Z","said":"451 later"}],"deferrals":1}"#;
        let entry = OutboxEntry::from(serde_json::from_str::<OutboxRecord>(old).unwrap());
        assert_eq!((entry.waits_for, entry.told, entry.even_if_suppressed), (None, Told::Nothing, false));
        assert_eq!((entry.tried_since, entry.came_back_after), (None, None));
        assert_eq!((entry.first_to, entry.attempts[0].meaning.as_deref()), (None, None));
    }
}
