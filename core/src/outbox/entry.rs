//! One mail to send: what it is, what was tried, what its ticket was told.

use super::OutboxState;
use crate::address::Address;
use crate::ids::{EntryNumber, OutboxId, TicketNumber};
use crate::notification::Kind;
use crate::settings::SenderName;
use crate::ticket::AttachmentRef;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A rendered mail in the durable queue. Its MIME bytes are kept beside it and never change, but for the recipient
/// that a person changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    pub id: OutboxId,
    pub kind: Kind,
    pub ticket: Option<TicketNumber>,
    /// The entry of the ticket that it carries or follows.
    pub entry: Option<EntryNumber>,
    pub sender: SenderName,
    pub from: Address,
    pub to: Address,
    pub subject: String,
    /// Without angle brackets; fixed when queued, so that a mail sent twice is one mail to its reader.
    pub message_id: String,
    pub created: Timestamp,
    /// When a person last set it on its way anew: its five days begin there.
    pub tried_since: Option<Timestamp>,
    /// Bytes of the MIME message.
    pub size: u64,
    pub state: OutboxState,
    /// The newest last; at most [`ATTEMPTS_KEPT`].
    pub attempts: Vec<Attempt>,
    /// How often the server refused for the time being; connection faults do not count.
    pub deferrals: u32,
    /// The earlier mail of this ticket to the same person that has to go first.
    pub waits_for: Option<OutboxId>,
    /// What the ticket's thread says about trouble with it.
    pub told: Told,
    /// A person wants it sent although the address is suppressed.
    pub even_if_suppressed: bool,
    /// Whom the reply token in its Message-ID was made for, where a person changed the recipient since.
    pub first_to: Option<Address>,
    /// When its server took it, of a mail that came back since.
    pub came_back_after: Option<Timestamp>,
    /// Files that go along. Their bytes stay where the ticket's entry has them, and are put in as it is sent.
    pub attachments: Vec<AttachmentRef>,
}

impl OutboxEntry {
    /// A mail as it begins: due at once, about no ticket, not tried yet.
    pub fn begun(
        id: OutboxId,
        kind: Kind,
        sender: SenderName,
        from: Address,
        to: Address,
        message_id: String,
        created: Timestamp,
    ) -> Self {
        Self {
            id,
            kind,
            ticket: None,
            entry: None,
            sender,
            from,
            to,
            subject: String::new(),
            message_id,
            created,
            tried_since: None,
            size: 0,
            state: OutboxState::Due { at: created },
            attempts: Vec::new(),
            deferrals: 0,
            waits_for: None,
            told: Told::Nothing,
            even_if_suppressed: false,
            first_to: None,
            came_back_after: None,
            attachments: Vec::new(),
        }
    }

    /// Whom the reply token in its Message-ID was made for.
    pub fn token_recipient(&self) -> &Address {
        self.first_to.as_ref().unwrap_or(&self.to)
    }

    /// When its server took it last, also where it came back since.
    pub fn taken_at(&self) -> Option<Timestamp> {
        match self.state {
            OutboxState::Sent { at, .. } => Some(at),
            _ => self.came_back_after,
        }
    }

    /// When the days began in which it is tried.
    pub fn span_began(&self) -> Timestamp {
        self.tried_since.map_or(self.created, |since| since.max(self.created))
    }

    /// Keeps what one try came to; the oldest are forgotten.
    pub fn note_attempt(&mut self, attempt: Attempt) {
        self.attempts.push(attempt);
        let surplus = self.attempts.len().saturating_sub(ATTEMPTS_KEPT);
        self.attempts.drain(..surplus);
    }
}

/// Attempts whose words are kept with an entry.
pub const ATTEMPTS_KEPT: usize = 10;

/// What one try to send came to, or what a person changed about the mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub at: Timestamp,
    /// The server's words, or what went wrong before it could speak.
    pub said: String,
    /// What a refusal means, for people.
    pub meaning: Option<String>,
    /// What to try.
    pub remedy: Option<String>,
}

/// What a ticket's thread was told about trouble with a mail; each is told once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    #[default]
    Nothing,
    /// It is refused again and again for the time being.
    Delayed,
    /// It will not be sent.
    Failed,
}

/// Temporary refusals after which the ticket is told.
pub const DEFERRALS_BEFORE_TOLD: u32 = 3;

impl Told {
    /// What the ticket is to be told now, beyond what it was told already.
    pub fn next(self, deferrals: u32, failed: bool) -> Option<Self> {
        let now = match (failed, deferrals) {
            (true, _) => Self::Failed,
            (false, DEFERRALS_BEFORE_TOLD..) => Self::Delayed,
            (false, _) => Self::Nothing,
        };
        (now > self).then_some(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_hears_of_each_trouble_once() {
        let check = |told: Told, deferrals, failed, want| assert_eq!(told.next(deferrals, failed), want);
        check(Told::Nothing, 2, false, None);
        check(Told::Nothing, 3, false, Some(Told::Delayed));
        check(Told::Delayed, 4, false, None);
        check(Told::Delayed, 4, true, Some(Told::Failed));
        check(Told::Nothing, 0, true, Some(Told::Failed));
        check(Told::Failed, 9, true, None);
        check(Told::Failed, 9, false, None);
    }
}
