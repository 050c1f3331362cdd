//! What agents are told of an inbound mail, and what it says about the language of its sender.

use super::{Origin, Outcome};
use crate::language::Language;
use crate::mail::InboundMail;
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

/// What the sender's mail program says about the language, the mail's own before that of its reader (RFC 3282).
pub(super) fn language(mail: &InboundMail) -> Option<Language> {
    ["Content-Language", "Accept-Language"].into_iter().find_map(|name| Language::first_of(mail.header(name)?))
}
