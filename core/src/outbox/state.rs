//! Where a mail stands, and what a person may do about it from there.

use crate::address::Address;
use crate::ids::OutboxId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// It is not sent. With an `until` it becomes due by itself then, without one a person releases it.
    Held {
        since: Timestamp,
        until: Option<Timestamp>,
        reason: HoldReason,
    },
    Due {
        at: Timestamp,
    },
    Sent {
        at: Timestamp,
        server_said: String,
    },
    Failed {
        at: Timestamp,
        reason: String,
    },
    Cancelled {
        at: Timestamp,
        by: String,
    },
}

/// Why a mail is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// The time in which an agent may take an answer back.
    Undo,
    ByPerson {
        by: String,
    },
    /// The desk was in silent mode and the address not allowed.
    Silent,
}

impl HoldReason {
    /// The word people filter by.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Undo => "undo",
            Self::ByPerson { .. } => "person",
            Self::Silent => "silent",
        }
    }

    /// As part of a sentence: "held ...".
    pub fn words(&self) -> String {
        match self {
            Self::Undo => "so that it can be taken back".into(),
            Self::ByPerson { by } => format!("by {by}"),
            Self::Silent => "by silent mode".into(),
        }
    }
}

impl OutboxState {
    /// The word people see and filter by.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Held { .. } => "held",
            Self::Due { .. } => "due",
            Self::Sent { .. } => "sent",
            Self::Failed { .. } => "failed",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    /// When it goes by itself, if it does.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self {
            Self::Held { until, .. } => *until,
            Self::Due { at } => Some(*at),
            Self::Sent { .. } | Self::Failed { .. } | Self::Cancelled { .. } => None,
        }
    }

    /// Whether it is still to be sent: later mails of its ticket to the same person wait for it.
    pub fn is_waiting(&self) -> bool {
        matches!(self, Self::Held { .. } | Self::Due { .. })
    }

    /// As it counts at this moment: a hold whose time is over is due.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        match self {
            Self::Held { until: Some(until), .. } if until <= now => Self::Due { at: until },
            state => state,
        }
    }
}

/// What a person may do to a mail of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxAction {
    /// Try it now.
    Retry {
        even_if_suppressed: bool,
    },
    /// Never send it.
    Cancel,
    /// Send it only once it is released.
    Hold,
    Release,
    /// Send it to another address.
    Redirect {
        to: Address,
    },
}

impl OutboxAction {
    /// The word for it on the command line.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Retry { .. } => "retry",
            Self::Cancel => "cancel",
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Redirect { .. } => "redirect",
        }
    }

    /// For sentences: "mail 3 cannot be ...".
    pub fn done(&self) -> &'static str {
        match self {
            Self::Retry { .. } => "tried again",
            Self::Cancel => "cancelled",
            Self::Hold => "held",
            Self::Release => "released",
            Self::Redirect { .. } => "sent to another address",
        }
    }

    /// The state that follows, or why this cannot be done from `state`.
    ///
    /// # Errors
    /// [`NotAllowed`] says in words what stands against it.
    pub fn apply(
        &self,
        id: OutboxId,
        state: &OutboxState,
        by: &str,
        now: Timestamp,
    ) -> Result<OutboxState, NotAllowed> {
        let due = || Ok(OutboxState::Due { at: now });
        match (self, state) {
            (Self::Retry { .. }, OutboxState::Due { .. } | OutboxState::Failed { .. }) => due(),
            (Self::Cancel, OutboxState::Due { .. } | OutboxState::Held { .. }) => {
                Ok(OutboxState::Cancelled { at: now, by: by.to_owned() })
            }
            (Self::Hold, OutboxState::Held { reason: HoldReason::ByPerson { .. }, .. }) => self.refused(id, state),
            (Self::Hold, OutboxState::Due { .. } | OutboxState::Held { .. }) => {
                let reason = HoldReason::ByPerson { by: by.to_owned() };
                Ok(OutboxState::Held { since: now, until: None, reason })
            }
            (Self::Release, OutboxState::Held { .. }) => due(),
            (Self::Redirect { .. }, OutboxState::Held { .. }) => Ok(state.clone()),
            (Self::Redirect { .. }, OutboxState::Due { .. } | OutboxState::Failed { .. }) => due(),
            _ => self.refused(id, state),
        }
    }

    fn refused(&self, id: OutboxId, state: &OutboxState) -> Result<OutboxState, NotAllowed> {
        let hint = match (self, state) {
            (Self::Retry { .. }, OutboxState::Held { .. }) => "; release it instead",
            (Self::Hold | Self::Release, OutboxState::Failed { .. }) => "; retry or redirect it instead",
            _ => "",
        };
        Err(NotAllowed { id, state: state.word(), done: self.done(), hint })
    }
}

/// A mail's state does not allow what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mail {id} is {state} and cannot be {done}{hint}")]
pub struct NotAllowed {
    id: OutboxId,
    state: &'static str,
    done: &'static str,
    hint: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn held(reason: HoldReason) -> OutboxState {
        OutboxState::Held { since: NOW, until: None, reason }
    }

    fn person() -> HoldReason {
        HoldReason::ByPerson { by: "ann".into() }
    }

    #[test]
    fn which_verb_is_allowed_in_which_state() {
        let states = [
            held(HoldReason::Undo),
            held(person()),
            held(HoldReason::Silent),
            OutboxState::Due { at: NOW },
            OutboxState::Sent { at: NOW, server_said: String::new() },
            OutboxState::Failed { at: NOW, reason: String::new() },
            OutboxState::Cancelled { at: NOW, by: "ann".into() },
        ];
        let check = |action: OutboxAction, want: [&str; 7]| {
            let got = states
                .each_ref()
                .map(|state| action.apply(OutboxId(1), state, "ann", NOW).map_or("no", |state| state.word()));
            assert_eq!(got, want, "{action:?}");
        };
        check(OutboxAction::Retry { even_if_suppressed: false }, ["no", "no", "no", "due", "no", "due", "no"]);
        check(OutboxAction::Cancel, ["cancelled", "cancelled", "cancelled", "cancelled", "no", "no", "no"]);
        check(OutboxAction::Hold, ["held", "no", "held", "held", "no", "no", "no"]);
        check(OutboxAction::Release, ["due", "due", "due", "no", "no", "no", "no"]);
        let to = Address::parse("b@x.example").unwrap();
        check(OutboxAction::Redirect { to }, ["held", "held", "held", "due", "no", "due", "no"]);
    }

    #[test]
    fn a_refusal_says_what_to_do_instead() {
        let retry = OutboxAction::Retry { even_if_suppressed: false };
        let words = retry.apply(OutboxId(7), &held(person()), "ann", NOW).unwrap_err().to_string();
        assert_eq!(words, "mail 7 is held and cannot be tried again; release it instead");
    }

    #[test]
    fn a_hold_with_a_time_is_due_from_then_on() {
        let until = NOW + jiff::SignedDuration::from_secs(10);
        let state = OutboxState::Held { since: NOW, until: Some(until), reason: HoldReason::Undo };
        assert_eq!(state.clone().at(NOW).word(), "held");
        assert_eq!(state.at(until), OutboxState::Due { at: until });
        assert_eq!(held(person()).at(until).word(), "held");
    }
}
