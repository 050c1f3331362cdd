//! Which mails of the outbox a list shows or a bulk verb means.

use super::{OutboxEntry, OutboxState};
use crate::ids::TicketNumber;
use crate::settings::SenderName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// All conditions that are given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxQuery {
    /// A state word, or `deferred`: due after a temporary refusal.
    pub state: Option<String>,
    /// Why a mail is held: `undo`, `person`, `silent`.
    pub held: Option<String>,
    pub sender: Option<SenderName>,
    /// In lower case, without the @.
    pub to_domain: Option<String>,
    pub ticket: Option<TicketNumber>,
}

impl OutboxQuery {
    /// The word of [`OutboxState::word`] that every match has, where there is one.
    pub fn state_word(&self) -> Option<&str> {
        match self.state.as_deref() {
            Some("deferred") => Some("due"),
            Some(word) => Some(word),
            None if self.held.is_some() => Some("held"),
            None => None,
        }
    }

    pub fn matches(&self, entry: &OutboxEntry, now: Timestamp) -> bool {
        let state = entry.state.clone().at(now);
        let held = |wanted: &str| matches!(&state, OutboxState::Held { reason, .. } if reason.word() == wanted);
        self.state_word().is_none_or(|word| state.word() == word)
            && (self.state.as_deref() != Some("deferred") || entry.deferrals > 0)
            && self.held.as_deref().is_none_or(held)
            && self.sender.as_ref().is_none_or(|sender| *sender == entry.sender)
            && self.to_domain.as_deref().is_none_or(|domain| entry.to.domain().eq_ignore_ascii_case(domain))
            && self.ticket.is_none_or(|ticket| entry.ticket == Some(ticket))
    }
}
