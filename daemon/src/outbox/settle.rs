//! What becomes of a mail after a try to send it, in one commit.

use super::judge::{Verdict, Words};
use super::thread::{free_next, name, tell};
use super::worker::OutboxParts;
use crate::clock::jitter;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{events, outbox, sent_copies};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::{EventSeq, OutboxId};
use maildesk_core::outbox::schedule::{Next, after_deferral};
use maildesk_core::outbox::{Attempt, OutboxEntry, OutboxState, Told};
use maildesk_core::ticket::EntryKind;

/// Commits the verdict. An entry that was cancelled meanwhile stays cancelled unless the server has taken it.
pub(super) async fn settle(parts: &OutboxParts, id: OutboxId, verdict: Verdict) -> Result<(), StoreError> {
    let (now, jitter, copy) = (parts.clock.now(), jitter(), parts.copies.is_some());
    let job = move |tx: &mut Transaction<'_>| write_verdict(tx, id, verdict, copy, now, jitter);
    if let Some(newest) = parts.store.write(job).await? {
        parts.hub.publish(newest);
    }
    parts.wake_copies();
    Ok(())
}

/// With `copy`, a copy of what was sent waits for its folder from this commit on.
pub(super) fn write_verdict(
    tx: &mut Transaction<'_>,
    id: OutboxId,
    verdict: Verdict,
    copy: bool,
    now: Timestamp,
    jitter: f64,
) -> Result<Option<EventSeq>, StoreError> {
    let Some(mut entry) = outbox::get(tx, id)? else { return Ok(None) };
    let before = entry.clone();
    // A hold whose time is over is due; what a person has cancelled or held meanwhile is not.
    let still_due = matches!(entry.state.clone().at(now), OutboxState::Due { .. });
    let (words, happened) = match verdict {
        Verdict::Accepted { said } => {
            if copy {
                sent_copies::put(tx, &entry.sender, id)?;
            }
            (plain(said.clone()), accept(tx, &mut entry, said, now)?)
        }
        _ if !still_due => return Ok(None),
        Verdict::Deferred(words) => {
            entry.deferrals += 1;
            let happened = match after_deferral(entry.deferrals, entry.span_began(), now, jitter) {
                Next::Retry(next) => defer(tx, &mut entry, &words, next, now)?,
                Next::GiveUp => {
                    let reason = format!("tried for 5 days; at last the server said: {}", words.said);
                    fail(tx, &mut entry, reason, now)?
                }
            };
            (words, happened)
        }
        Verdict::Refused(words) => {
            let reason = format!("the server refused: {}", words.said);
            (words, fail(tx, &mut entry, reason, now)?)
        }
    };
    let Words { said, meaning, remedy } = words;
    entry.note_attempt(Attempt { at: now, said, meaning, remedy });
    entry.waits_for = None;
    outbox::replace(tx, Some(before), &entry)?;
    if !entry.state.is_waiting() {
        free_next(tx, &entry, now)?;
    }
    happened.into_iter().map(|what| events::append(tx, now, what)).last().transpose()
}

fn plain(said: String) -> Words {
    Words { said, meaning: None, remedy: None }
}

fn accept(
    tx: &mut Transaction<'_>,
    entry: &mut OutboxEntry,
    said: String,
    now: Timestamp,
) -> Result<Vec<DomainEvent>, StoreError> {
    entry.state = OutboxState::Sent { at: now, server_said: said.clone() };
    if entry.told == Told::Delayed {
        tell(tx, entry, EntryKind::Note, format!("The server has taken {} at last", name(entry)), now)?;
    }
    let (kind, ticket, to) = (entry.kind, entry.ticket, entry.to.to_string());
    Ok(vec![DomainEvent::MailSent { outbox: entry.id, kind, ticket, to, server_said: said }])
}

fn defer(
    tx: &mut Transaction<'_>,
    entry: &mut OutboxEntry,
    words: &Words,
    next: Timestamp,
    now: Timestamp,
) -> Result<Vec<DomainEvent>, StoreError> {
    entry.state = OutboxState::Due { at: next };
    let (to, server_said) = (entry.to.to_string(), words.said.clone());
    let mut happened = vec![DomainEvent::MailDeferred { outbox: entry.id, to, server_said, next }];
    let said = &words.said;
    let text = format!("{} is not delivered yet, the server refused it {} times: {said}", name(entry), entry.deferrals);
    happened.extend(tell_trouble(tx, entry, false, text, said, now)?);
    Ok(happened)
}

/// Ends an entry and lets its ticket say so (invariant 8).
pub(super) fn fail(
    tx: &mut Transaction<'_>,
    entry: &mut OutboxEntry,
    reason: String,
    now: Timestamp,
) -> Result<Vec<DomainEvent>, StoreError> {
    entry.state = OutboxState::Failed { at: now, reason: reason.clone() };
    entry.waits_for = None;
    let (outbox, ticket, to) = (entry.id, entry.ticket, entry.to.to_string());
    let mut happened = vec![DomainEvent::MailFailed { outbox, ticket, to, reason: reason.clone() }];
    let text = format!("{} was not delivered: {reason}", name(entry));
    happened.extend(tell_trouble(tx, entry, true, text, &reason, now)?);
    Ok(happened)
}

/// The entry on the ticket and the event for its assignee, each trouble once.
fn tell_trouble(
    tx: &mut Transaction<'_>,
    entry: &mut OutboxEntry,
    failed: bool,
    text: String,
    said: &str,
    now: Timestamp,
) -> Result<Option<DomainEvent>, StoreError> {
    let Some(told) = entry.told.next(entry.deferrals, failed) else { return Ok(None) };
    entry.told = told;
    let ticket = tell(tx, entry, EntryKind::DeliveryProblem, text, now)?;
    Ok(ticket.map(|ticket| DomainEvent::DeliveryProblem {
        ticket: ticket.number,
        outbox: entry.id,
        to: entry.to.to_string(),
        assignee: ticket.assignee,
        said: said.to_owned(),
    }))
}
