//! The sentences of a plan's trace.

use super::lookups::{Lookups, Pointer, Wanted};
use super::plan::Origin;
use crate::filter::Judgement;
use crate::mail::InboundMail;
use crate::ticket::Ticket;
use crate::verdict::Facts;

pub(super) fn routing_words(found: &Lookups, wanted: &Wanted, ticket: &Ticket) -> String {
    if let Some(related) = ticket.related.first() {
        return format!("a new ticket that names #{related}");
    }
    let guessed = found.named.iter().find(|named| named.by == Pointer::Number);
    match (wanted.claims.is_empty(), found.claimed.is_empty()) {
        (true, _) => match guessed {
            Some(named) => {
                format!("[#{}] in the subject counts from people of that ticket only: a new ticket", named.pointed)
            }
            None => "no reply token: a new ticket".into(),
        },
        (false, true) => "the reply token names no ticket here: a new ticket".into(),
        (false, false) => "the reply token is not genuine: a new ticket".into(),
    }
}

/// Why a new ticket is not acknowledged, if it is not (invariants 3 and 9).
pub(super) fn silence(facts: &Facts, origin: &Origin, judgement: &Judgement) -> Option<String> {
    if origin.old {
        return Some("no acknowledgement: the mail was there before this mailbox was first polled".into());
    }
    if !origin.acknowledge {
        return Some("no acknowledgement: switched off for this mailbox".into());
    }
    if judgement.no_acknowledgement {
        return Some("no acknowledgement: switched off by a filter".into());
    }
    facts.suppress_answer.as_ref().map(|reason| format!("no acknowledgement: {reason}"))
}

pub(super) fn describe(mail: &InboundMail) -> String {
    let issues: Vec<&str> = mail.issues.iter().map(|issue| issue.words()).collect();
    let issues = if issues.is_empty() { "no issues".into() } else { format!("issues: {}", issues.join(", ")) };
    let attachments = match mail.attachments.len() {
        1 => "1 attachment".into(),
        several => format!("{several} attachments"),
    };
    format!("{} characters of text, {attachments}, {issues}", mail.text.chars().count())
}
