//! A mail to send on disk; its MIME bytes lie beside it as they are.

use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::ids::{EntryNumber, OutboxId, TicketNumber};
use maildesk_core::notification::Kind;
use maildesk_core::outbox::{Attempt, OutboxEntry, OutboxState};
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
        }
    }
}

same_enum!(OutboxStateRecord = OutboxState {
    Due { at: Timestamp },
    Sent { at: Timestamp, server_said: String },
    Failed { at: Timestamp, reason: String },
    Cancelled { at: Timestamp, by: String },
});

same_struct!(AttemptRecord = Attempt { at: Timestamp, said: String });

same_word!(
    KindRecord = Kind { TicketAcknowledgement, AgentReply, TicketResolved, SlaWarning, SlaBreached, Invitation }
);
