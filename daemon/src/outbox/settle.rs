//! What becomes of a mail after a try to send it, in one commit.

use super::worker::OutboxParts;
use crate::clock::jitter;
use crate::smtp::{Accepted, Refusal, SmtpError};
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{entries, events, outbox, tickets};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::{EventSeq, OutboxId};
use maildesk_core::outbox::schedule::{Next, after_deferral};
use maildesk_core::outbox::{ATTEMPTS_KEPT, Attempt, OutboxEntry, OutboxState};
use maildesk_core::ticket::{Author, Command, Entry, EntryKind, apply};

/// How a try ended for the mail itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted {
        said: String,
    },
    /// Not now.
    Deferred {
        said: String,
    },
    /// Never.
    Refused {
        said: String,
    },
}

impl Verdict {
    /// # Errors
    /// The connection or account failed: that is no verdict on the mail and is not counted against it.
    pub(super) fn of(outcome: Result<Accepted, SmtpError>) -> Result<Self, SmtpError> {
        match outcome {
            Ok(accepted) => Ok(match accepted.recipients.into_iter().find_map(|recipient| recipient.outcome.err()) {
                None => Self::Accepted { said: accepted.server_said },
                Some(refusal) => Self::of_refusal(&refusal),
            }),
            Err(SmtpError::Deferred { refusal, .. } | SmtpError::Refused { refusal, .. }) => {
                Ok(Self::of_refusal(&refusal))
            }
            // Whether the server took it is not known. It goes out again under the same Message-ID: rather twice
            // than never.
            Err(SmtpError::Unknown(fault)) => Ok(Self::Deferred { said: fault.to_string() }),
            Err(error @ SmtpError::Connection(_)) => Err(error),
        }
    }

    fn of_refusal(refusal: &Refusal) -> Self {
        let said = format!("{} {}", refusal.code, refusal.text);
        if refusal.is_transient() { Self::Deferred { said } } else { Self::Refused { said } }
    }
}

/// Commits the verdict. An entry that was cancelled meanwhile stays cancelled unless the server has taken it.
pub(super) async fn settle(parts: &OutboxParts, id: OutboxId, verdict: Verdict) -> Result<(), StoreError> {
    let (now, jitter) = (parts.clock.now(), jitter());
    let job = move |tx: &mut Transaction<'_>| write_verdict(tx, id, verdict, now, jitter);
    if let Some(newest) = parts.store.write(job).await? {
        parts.hub.publish(newest);
    }
    Ok(())
}

fn write_verdict(
    tx: &mut Transaction<'_>,
    id: OutboxId,
    verdict: Verdict,
    now: Timestamp,
    jitter: f64,
) -> Result<Option<EventSeq>, StoreError> {
    let Some(mut entry) = outbox::get(tx, id)? else { return Ok(None) };
    let still_due = matches!(entry.state, OutboxState::Due { .. });
    let (said, what) = match verdict {
        Verdict::Accepted { said } => {
            entry.state = OutboxState::Sent { at: now, server_said: said.clone() };
            let (kind, ticket, to) = (entry.kind, entry.ticket, entry.to.to_string());
            (said.clone(), DomainEvent::MailSent { outbox: id, kind, ticket, to, server_said: said })
        }
        _ if !still_due => return Ok(None),
        Verdict::Deferred { said } => {
            entry.deferrals += 1;
            match after_deferral(entry.deferrals, entry.created, now, jitter) {
                Next::Retry(next) => {
                    entry.state = OutboxState::Due { at: next };
                    let to = entry.to.to_string();
                    (said.clone(), DomainEvent::MailDeferred { outbox: id, to, server_said: said, next })
                }
                Next::GiveUp => {
                    let reason = format!("tried for 5 days; at last the server said: {said}");
                    (said, fail(tx, &mut entry, reason, now)?)
                }
            }
        }
        Verdict::Refused { said } => {
            let reason = format!("the server refused: {said}");
            (said, fail(tx, &mut entry, reason, now)?)
        }
    };
    entry.attempts.push(Attempt { at: now, said });
    let surplus = entry.attempts.len().saturating_sub(ATTEMPTS_KEPT);
    entry.attempts.drain(..surplus);
    outbox::put(tx, &entry)?;
    events::append(tx, now, what).map(Some)
}

/// Ends an entry and lets its ticket say so (invariant 8).
fn fail(
    tx: &mut Transaction<'_>,
    entry: &mut OutboxEntry,
    reason: String,
    now: Timestamp,
) -> Result<DomainEvent, StoreError> {
    entry.state = OutboxState::Failed { at: now, reason: reason.clone() };
    let ticket = entry.ticket.map(|number| tickets::get(tx, number)).transpose()?.flatten();
    if let Some(ticket) = ticket {
        let text = format!("Mail {} to {} was not delivered: {reason}", entry.id, entry.to);
        let mut note = Entry::new(Author::System, EntryKind::DeliveryProblem, text, now);
        note.outbox = Some(entry.id);
        if let Ok(applied) = apply(&ticket, Command::Note { entry: note }, now) {
            tickets::put(tx, &applied.ticket)?;
            for note in &applied.entries {
                entries::put(tx, ticket.number, note)?;
            }
        }
    }
    let (outbox, ticket, to) = (entry.id, entry.ticket, entry.to.to_string());
    Ok(DomainEvent::MailFailed { outbox, ticket, to, reason })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smtp::RecipientOutcome;
    use maildesk_core::diagnosis::FaultKind;

    fn accepted(outcome: Result<(), Refusal>) -> Result<Accepted, SmtpError> {
        let recipients = vec![RecipientOutcome { address: "a@b.example".into(), outcome }];
        Ok(Accepted { server_said: "queued as 1".into(), recipients })
    }

    fn refusal(code: u16) -> Refusal {
        Refusal { code, enhanced: None, text: "no".into(), kind: FaultKind::RecipientRefused }
    }

    #[test]
    fn the_recipients_answer_is_the_mails_verdict() {
        let verdict = |outcome| Verdict::of(accepted(outcome)).unwrap();
        assert_eq!(verdict(Ok(())), Verdict::Accepted { said: "queued as 1".into() });
        assert_eq!(verdict(Err(refusal(451))), Verdict::Deferred { said: "451 no".into() });
        assert_eq!(verdict(Err(refusal(550))), Verdict::Refused { said: "550 no".into() });
    }
}
