//! An agent's mail: its answer goes on to the requester, with the checks of an answer that is typed here; its commands
//! are followed by what follows from them elsewhere. What cannot be done is answered.

use crate::active::Active;
use crate::notify::{Done, Refusal, tell_of_actions, tell_refused};
use crate::outbox::{Answer, AnswerError, EnqueueError, Terms, queue_answer};
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{audit, entries, events};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::EntryNumber;
use maildesk_core::mail_command::Slip;
use maildesk_core::route::{AgentReply, PlannedTicket, TraceStep, kept_as_note};
use maildesk_core::ticket::{AttachmentRef, Author, Command, Entry, EntryKind, TicketAction, apply};

/// Entries looked through for pictures that went before.
const LOOKED_AT: usize = 500;

/// Queues the answer. What cannot be sent becomes a note, and the ticket and the trace say why; its commands are not
/// done then.
pub(super) fn send_on(
    tx: &mut Transaction<'_>,
    active: &Active,
    planned: &mut PlannedTicket,
    reply: &mut AgentReply,
    trace: &mut Vec<TraceStep>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (Some(text), Some(number)) = (&reply.text, planned.entries.first().map(|entry| entry.number)) else {
        return Ok(());
    };
    let attachments = goes_along(tx, planned)?;
    let count = attachments.len();
    let answer = Answer { entry: number, agent: &reply.agent, text, attachments };
    let queued = match reply.left_out.is_empty() {
        true => queue_answer(tx, active, &planned.ticket, answer, Terms::default(), now),
        false => Err(AnswerError::Blocked(reply.left_out.join("; "))),
    };
    let (said, told) = match queued {
        Ok(queued) => {
            let (ticket, outbox, by) = (planned.ticket.number, queued.id, reply.agent.clone());
            events::append(tx, now, DomainEvent::AgentReplied { ticket, entry: number, outbox, by })?;
            let with = if count == 0 { String::new() } else { format!(" with {count} attachments") };
            let said = format!("sent on to {} as mail {outbox}{with}", queued.to);
            if let Some(entry) = planned.entries.first_mut() {
                entry.outbox = Some(outbox);
                entry.message_id = Some(queued.message_id);
            }
            (said, None)
        }
        Err(AnswerError::Enqueue(EnqueueError::Store(error))) => return Err(error),
        Err(error) => {
            if let Some(entry) = planned.entries.first_mut() {
                entry.kind = EntryKind::Note;
            }
            let text = format!("the answer of {} (entry {number}) was not sent on: {error}", reply.agent);
            undo_commands(planned, reply, error.to_string(), now);
            (format!("not sent on: {error}"), Some((EntryKind::DeliveryProblem, text)))
        }
    };
    trace.push(TraceStep { step: "answer".into(), said });
    if let Some((kind, text)) = told {
        let entry = Entry::new(Author::System, kind, text, now);
        if let Ok(applied) = apply(&planned.ticket, Command::Note { entry }, now) {
            planned.ticket = applied.ticket;
            planned.entries.extend(applied.entries);
        }
    }
    Ok(())
}

/// The attachments of an answer that go on with it. Pictures within its text that the thread has already, such as those
/// of a signature or of what is quoted, went before and stay.
fn goes_along(read: &impl Read, planned: &PlannedTicket) -> Result<Vec<AttachmentRef>, StoreError> {
    let Some(answer) = planned.entries.first() else { return Ok(Vec::new()) };
    let mut seen = Vec::new();
    if answer.attachments.iter().any(|file| file.inline) {
        let thread = entries::thread(read, &planned.ticket, None, LOOKED_AT)?;
        seen.extend(thread.into_iter().flat_map(|entry| entry.attachments).map(|file| file.blob));
    }
    let new = |file: &&AttachmentRef| !file.inline || !seen.contains(&file.blob);
    Ok(answer.attachments.iter().filter(new).cloned().collect())
}

/// Leaves the ticket as it was, but for what was written; the agent is told why.
fn undo_commands(planned: &mut PlannedTicket, reply: &mut AgentReply, why: String, now: Timestamp) {
    reply.slips = vec![Slip::not_sent(why)];
    let written = planned.entries.first().cloned();
    let Some(kept) = written.and_then(|entry| kept_as_note(&reply.before, entry, now).ok()) else { return };
    *planned = kept;
    reply.actions.clear();
}

/// What follows once the ticket is written: who is told of what the commands did, or the answer that they were
/// refused.
pub(super) fn follow_up(
    tx: &mut Transaction<'_>,
    active: &Active,
    planned: &PlannedTicket,
    reply: &AgentReply,
    thread: &[String],
    trace: &mut Vec<TraceStep>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (ticket, first) = (&planned.ticket, planned.entries.first());
    let entry = first.map_or(EntryNumber(ticket.entries), |entry| entry.number);
    if !reply.actions.is_empty() {
        let words: Vec<&str> = reply.actions.iter().map(TicketAction::word).collect();
        audit::append(tx, now, &reply.agent, &format!("{} #{} by mail", words.join(", "), ticket.number))?;
        let (by, before, actions) = (reply.agent.as_str(), &reply.before, reply.actions.as_slice());
        tell_of_actions(tx, active, &Done { by, before, after: ticket, first: entry, actions }, now)?;
    }
    if reply.slips.is_empty() {
        return Ok(());
    }
    let message = first.map(Entry::new_text).unwrap_or_default();
    let refusal = Refusal { mail: reply, ticket, entry, message: &message, thread };
    let said = match tell_refused(tx, active, &refusal, now) {
        Ok(id) => format!("told {} by mail {id} what cannot be done", reply.from),
        Err(AnswerError::Enqueue(EnqueueError::Store(error))) => return Err(error),
        Err(error) => format!("{} is not told what cannot be done: {error}", reply.from),
    };
    trace.push(TraceStep { step: "answer".into(), said });
    Ok(())
}
