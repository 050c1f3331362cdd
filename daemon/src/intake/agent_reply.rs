//! An agent's answer by mail goes on to the requester, with the checks of an answer that is typed here.

use crate::active::Active;
use crate::outbox::{Answer, AnswerError, EnqueueError, Terms, queue_answer};
use crate::store::error::StoreError;
use crate::store::events;
use crate::store::kv::Transaction;
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::route::{AgentReply, PlannedTicket, TraceStep};
use maildesk_core::ticket::{Author, Command, Entry, EntryKind, apply};

/// Queues the answer. What cannot be sent becomes a note, and the ticket and the trace say why.
pub(super) fn send_on(
    tx: &mut Transaction<'_>,
    active: &Active,
    planned: &mut PlannedTicket,
    reply: &AgentReply,
    trace: &mut Vec<TraceStep>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(number) = planned.entries.first().map(|entry| entry.number) else { return Ok(()) };
    let answer = Answer { entry: number, agent: &reply.agent, text: &reply.text };
    let (said, told) = match queue_answer(tx, active, &planned.ticket, answer, Terms::default(), now) {
        Ok(queued) => {
            let (ticket, outbox, by) = (planned.ticket.number, queued.id, reply.agent.clone());
            events::append(tx, now, DomainEvent::AgentReplied { ticket, entry: number, outbox, by })?;
            let said = format!("sent on to {} as mail {outbox}", queued.to);
            let mut kept = 0;
            if let Some(entry) = planned.entries.first_mut() {
                entry.outbox = Some(outbox);
                entry.message_id = Some(queued.message_id);
                kept = entry.attachments.len();
            }
            let left = format!("{kept} attachments of this answer were kept here and not sent on");
            (said, (kept > 0).then_some((EntryKind::Note, left)))
        }
        Err(AnswerError::Enqueue(EnqueueError::Store(error))) => return Err(error),
        Err(error) => {
            if let Some(entry) = planned.entries.first_mut() {
                entry.kind = EntryKind::Note;
            }
            let text = format!("the answer of {} (entry {number}) was not sent on: {error}", reply.agent);
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
