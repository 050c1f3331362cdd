//! The outbox for scripts.

use jiff::Timestamp;
use maildesk_core::ids::{EntryNumber, OutboxId, TicketNumber};
use maildesk_core::notification::Kind;
use maildesk_core::outbox::{Attempt, OutboxState};
use maildesk_core::rpc::{OutboxRow, OutboxView};
use maildesk_core::settings::SenderName;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct Row {
    pub id: OutboxId,
    pub kind: Kind,
    pub ticket: Option<TicketNumber>,
    pub sender: SenderName,
    pub to: String,
    pub subject: String,
    pub created: Timestamp,
    pub size: u64,
    /// `due`, `sent`, `failed`, `cancelled`.
    pub state: &'static str,
    /// When it is due, or when the state was reached.
    pub state_at: Timestamp,
    /// The server's words when sent, the reason when failed, who cancelled.
    pub state_said: Option<String>,
    pub attempts: u32,
    /// Of the last attempt.
    pub said: Option<String>,
}

impl From<OutboxRow> for Row {
    fn from(row: OutboxRow) -> Self {
        let state = row.state.word();
        let (state_at, state_said) = match row.state {
            OutboxState::Due { at } => (at, None),
            OutboxState::Sent { at, server_said } => (at, Some(server_said)),
            OutboxState::Failed { at, reason } => (at, Some(reason)),
            OutboxState::Cancelled { at, by } => (at, Some(by)),
        };
        let OutboxRow { id, kind, ticket, sender, to, subject, created, size, attempts, said, .. } = row;
        Self { id, kind, ticket, sender, to, subject, created, size, state, state_at, state_said, attempts, said }
    }
}

/// One mail with its attempts.
#[derive(Debug, Serialize)]
pub struct Entry {
    #[serde(flatten)]
    pub row: Row,
    pub from: String,
    pub message_id: String,
    pub entry: Option<EntryNumber>,
    pub history: Vec<Attempt>,
}

impl From<OutboxView> for Entry {
    fn from(view: OutboxView) -> Self {
        let OutboxView { row, from, message_id, entry, attempts } = view;
        Self { row: row.into(), from, message_id, entry, history: attempts }
    }
}
