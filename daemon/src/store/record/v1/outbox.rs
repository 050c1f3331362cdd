//! A mail to send on disk; its MIME bytes lie beside it as they are.

use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::ids::{EntryNumber, OutboxId, TicketNumber};
use maildesk_core::notification::Kind;
use maildesk_core::outbox::{Attempt, HoldReason, OutboxEntry, OutboxState, Suppression, Told};
use maildesk_core::settings::SenderName;
use serde::{Deserialize, Serialize};

use super::each;

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
            size,
            state,
            attempts,
            deferrals,
            waits_for,
            told,
            even_if_suppressed,
            first_to,
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
            size,
            state: state.into(),
            attempts: each(attempts),
            deferrals,
            waits_for,
            told: told.into(),
            even_if_suppressed,
            first_to,
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
            size,
            state,
            attempts,
            deferrals,
            waits_for,
            told,
            even_if_suppressed,
            first_to,
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
            size,
            state: state.into(),
            attempts: each(attempts),
            deferrals,
            waits_for,
            told: told.into(),
            even_if_suppressed,
            first_to,
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
    KindRecord = Kind { TicketAcknowledgement, AgentReply, TicketResolved, SlaWarning, SlaBreached, Invitation }
);
