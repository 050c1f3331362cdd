//! Invitations: who is asked to join, as what, and what became of it. An answer counts only with a signed token of its
//! own kind, from whom the invitation was made for, once, and in time.

mod examine;
#[cfg(test)]
mod tests;
mod token;

pub use examine::{Refusal, examine, examine_mail};
pub use token::{InvitationToken, named_in, read_token, token_of};

use crate::address::Address;
use crate::ids::{CustomerId, InvitationId, OutboxId};
use crate::language::Language;
use crate::settings::{Agent, AgentNotice, FieldProblem, SenderName, Settings, validate};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One invitation, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub id: InvitationId,
    pub to: Address,
    /// What the person is called.
    pub name: Option<String>,
    pub role: InvitedAs,
    /// Of mails to the person; absent: the desk's.
    pub language: Option<Language>,
    /// Whose mail it is.
    pub sender: SenderName,
    /// Unix user who invited.
    pub by: String,
    pub created: Timestamp,
    /// How often it was sent: only the token of the newest mail counts.
    pub sendings: u32,
    /// When it was sent last.
    pub sent: Timestamp,
    pub expires: Timestamp,
    /// The newest mail.
    pub outbox: OutboxId,
    /// Absent: it waits, or has expired.
    pub end: Option<InvitationEnd>,
}

/// What the person becomes by accepting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvitedAs {
    /// An agent of this user name, told this by mail.
    Agent { name: String, notify: Vec<AgentNotice> },
    /// A contact whose address is confirmed, perhaps of a customer.
    Contact { customer: Option<CustomerId> },
}

/// How an invitation came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvitationEnd {
    Accepted { at: Timestamp },
    Revoked { at: Timestamp, by: String },
}

/// Where an invitation stands at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    Waiting,
    Expired,
    Accepted,
    Revoked,
}

impl InvitationState {
    /// The word that people and JSON know it by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Expired => "expired",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
        }
    }
}

impl Invitation {
    pub fn state(&self, now: Timestamp) -> InvitationState {
        match self.end {
            Some(InvitationEnd::Accepted { .. }) => InvitationState::Accepted,
            Some(InvitationEnd::Revoked { .. }) => InvitationState::Revoked,
            None if self.expires <= now => InvitationState::Expired,
            None => InvitationState::Waiting,
        }
    }

    /// The settings with the invited person among the agents; as they are where the person is to be none.
    ///
    /// # Errors
    /// What is wrong with the settings then, such as a name that is taken.
    pub fn accepted_in(&self, settings: &Settings) -> Result<Settings, Vec<FieldProblem>> {
        let mut settings = settings.clone();
        if let InvitedAs::Agent { name, notify } = &self.role {
            let (display_name, language) = (self.name.clone(), self.language);
            let agent =
                Agent { display_name, language, notify: notify.clone(), ..Agent::new(name, vec![self.to.clone()]) };
            settings.agents.push(agent);
            let problems = validate(&settings);
            if !problems.is_empty() {
                return Err(problems);
            }
        }
        Ok(settings)
    }
}

/// An invitation that is to be sent; texts are checked by the daemon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewInvitation {
    pub to: String,
    pub name: Option<String>,
    pub role: InvitedAs,
    pub language: Option<Language>,
    /// Absent: the first sender.
    pub sender: Option<SenderName>,
    /// Days until it expires; absent: as the settings say.
    pub days: Option<u32>,
}

/// What a person does with invitations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvitationAction {
    Send(NewInvitation),
    /// A new mail with a new token; the one before counts no more, and the time begins anew.
    Resend(InvitationId),
    Revoke(InvitationId),
    /// By the code that stands in the mail.
    Accept {
        code: String,
    },
}
