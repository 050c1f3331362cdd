//! The outbox for scripts.

use super::ticket::Attachment;
use crate::command::outbox_page::state_word;
use jiff::Timestamp;
use maildesk_core::ids::{EntryNumber, OutboxId, TicketNumber};
use maildesk_core::notification::Kind;
use maildesk_core::outbox::{Attempt, OutboxState};
use maildesk_core::rpc::{OutboxBulk, OutboxRow, OutboxView};
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
    /// `held`, `due`, `sending`, `sent`, `failed`, `cancelled`.
    pub state: &'static str,
    /// When it is due or its hold ends, or when the state was reached.
    pub state_at: Timestamp,
    /// The server's words when sent, the reason when failed or held, who cancelled.
    pub state_said: Option<String>,
    pub attempts: u32,
    /// Temporary refusals.
    pub deferrals: u32,
    /// Of the last attempt.
    pub said: Option<String>,
    /// Why it is held: `undo`, `person`, `silent`.
    pub held: Option<&'static str>,
    /// The mail of the same ticket that goes first.
    pub waits_for: Option<OutboxId>,
}

/// A mail after a verb, or as it would be after it.
#[derive(Debug, Serialize)]
pub struct Changed {
    /// Nothing was changed.
    pub dry_run: bool,
    #[serde(flatten)]
    pub mail: Row,
}

impl From<OutboxRow> for Row {
    fn from(row: OutboxRow) -> Self {
        let state = state_word(&row);
        let held = if let OutboxState::Held { reason, .. } = &row.state { Some(reason.word()) } else { None };
        let (state_at, state_said) = match row.state {
            OutboxState::Held { since, until, reason } => (until.unwrap_or(since), Some(reason.words())),
            OutboxState::Due { at } => (at, None),
            OutboxState::Sent { at, server_said } => (at, Some(server_said)),
            OutboxState::Failed { at, reason } => (at, Some(reason)),
            OutboxState::Cancelled { at, by } => (at, Some(by)),
        };
        let OutboxRow { id, kind, ticket, sender, to, subject, created, size, attempts, .. } = row;
        let OutboxRow { deferrals, said, waits_for, .. } = row;
        Self {
            id,
            kind,
            ticket,
            sender,
            to,
            subject,
            created,
            size,
            state,
            state_at,
            state_said,
            attempts,
            deferrals,
            said,
            held,
            waits_for,
        }
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
    /// Files that go along.
    pub attachments: Vec<Attachment>,
}

impl From<OutboxView> for Entry {
    fn from(view: OutboxView) -> Self {
        let OutboxView { row, from, message_id, entry, attempts, attachments } = view;
        let attachments = attachments.into_iter().map(Attachment::from).collect();
        Self { row: row.into(), from, message_id, entry, history: attempts, attachments }
    }
}

/// What a verb for many mails came to.
#[derive(Debug, Serialize)]
pub struct Bulk {
    pub dry_run: bool,
    pub matched: u64,
    pub changed: u64,
    /// The first refusals, in words.
    pub refused: Vec<String>,
}

impl Bulk {
    pub fn of(done: OutboxBulk, dry_run: bool) -> Self {
        let OutboxBulk { matched, changed, refused } = done;
        Self { dry_run, matched, changed, refused }
    }
}
