//! Macros for scripts.

use super::ticket::Ticket;
use jiff::Timestamp;
use maildesk_core::ids::{OutboxId, Revision, TicketNumber};
use maildesk_core::macros::{Macro, MacroName, SavedMacro};
use maildesk_core::rpc::{MacroChanged, MacroOutcome, MacroReply};
use serde::Serialize;

/// A macro as it is kept.
#[derive(Debug, Serialize)]
pub struct Saved {
    pub revision: Revision,
    pub at: Timestamp,
    pub by: String,
    #[serde(flatten)]
    pub content: Macro,
}

impl From<SavedMacro> for Saved {
    fn from(saved: SavedMacro) -> Self {
        let SavedMacro { revision, at, by, content } = saved;
        Self { revision, at, by, content }
    }
}

/// What became of macros; `what` is `added`, `changed`, `unchanged` or `removed`.
#[derive(Debug, Serialize)]
pub struct Changed {
    pub dry_run: bool,
    pub macros: Vec<MacroChanged>,
}

/// A macro on some tickets.
#[derive(Debug, Serialize)]
pub struct Applications {
    #[serde(rename = "macro")]
    pub name: MacroName,
    pub revision: Revision,
    pub dry_run: bool,
    pub tickets: Vec<Applied>,
}

/// What one ticket came to: either `refused`, and nothing changed, or the rest.
#[derive(Debug, Serialize)]
pub struct Applied {
    pub number: TicketNumber,
    pub refused: Option<String>,
    /// As it is then.
    pub ticket: Option<Ticket>,
    pub reply: Option<Reply>,
    pub note: Option<String>,
    pub changes: Vec<String>,
}

/// The answer that was sent, or would be: then `outbox` is the number that it would have got now.
#[derive(Debug, Serialize)]
pub struct Reply {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub outbox: OutboxId,
    pub held_until: Option<Timestamp>,
}

impl Applied {
    pub fn of(number: TicketNumber, result: Result<MacroOutcome, String>) -> Self {
        match result {
            Err(refused) => {
                Self { number, refused: Some(refused), ticket: None, reply: None, note: None, changes: Vec::new() }
            }
            Ok(MacroOutcome { ticket, reply, note, changes }) => {
                let reply = reply.map(|MacroReply { to, subject, text, outbox, held_until }| Reply {
                    to,
                    subject,
                    text,
                    outbox,
                    held_until,
                });
                Self { number, refused: None, ticket: Some(ticket.into()), reply, note, changes }
            }
        }
    }
}
