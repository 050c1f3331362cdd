//! What agents are told of an inbound mail.

use super::{Origin, Outcome};
use crate::settings::AgentNotice;
use crate::verdict::Facts;

/// The notice that a mail is worth to agents. Mail that was there before its mailbox was first polled is news to
/// nobody, and a machine that writes on a ticket wants no answer.
pub fn told(outcome: &Outcome, facts: &Facts, origin: &Origin) -> Option<AgentNotice> {
    match outcome {
        _ if origin.old => None,
        Outcome::NewTicket { .. } => Some(AgentNotice::NewTicket),
        Outcome::Comment { .. } if facts.automatic.is_none() && !facts.vacation => Some(AgentNotice::CustomerReplied),
        _ => None,
    }
}
