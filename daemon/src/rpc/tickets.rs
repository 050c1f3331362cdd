//! Tickets: lists, threads, replies, notes.

use super::fault::{Fault, found, read};
use super::once::once;
use super::parts::{Boards, RpcParts};
use super::ticket_search::{LOOKED_AT_MOST, search};
use super::views::{contact_row, entry_view, rows, ticket_row, to_read};
use crate::active::Active;
use crate::outbox::{Answer, AnswerError, EnqueueError, Terms, answering_sender, queue_answer};
use crate::store::kv::{Read, Transaction};
use crate::store::{audit, contacts, entries, events, tickets};
use jiff::{SignedDuration, Timestamp};
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::{EntryNumber, TicketNumber};
use maildesk_core::rpc::{
    EntryView, ReplyView, RequestKey, Rows, RpcError, TicketQuery, TicketRow, TicketView, Window,
};
use maildesk_core::ticket::{AttachmentRef, Author, Command, Entry, EntryKind, Ticket, apply};

/// Characters of a reply or note at the most.
const LONGEST_TEXT: usize = 200_000;

pub(super) async fn list(parts: &RpcParts, query: TicketQuery, window: Window) -> Result<Rows<TicketRow>, Fault> {
    read(&parts.store, move |store| search(store, &query, window, LOOKED_AT_MOST)).await
}

pub(super) async fn show(parts: &RpcParts, number: TicketNumber) -> Result<TicketView, Fault> {
    read(&parts.store, move |store| {
        let ticket = get(store, number)?;
        let contact = found(contacts::get(store, ticket.contact)?, "contact", ticket.contact)?;
        let row = ticket_row(store, &ticket)?;
        let contact = contact_row(store, contact)?;
        let Ticket { assignee, tags, related, moves, .. } = ticket;
        Ok(TicketView { row, contact, assignee, tags, related, merged_into: moves.merged_into })
    })
    .await
}

pub(super) async fn thread(parts: &RpcParts, number: TicketNumber, window: Window) -> Result<Rows<EntryView>, Fault> {
    read(&parts.store, move |store| {
        let ticket = get(store, number)?;
        let after = window.after.map(|after| EntryNumber(u32::try_from(after).unwrap_or(u32::MAX)));
        let read = entries::thread(store, &ticket, after, to_read(window))?;
        Ok(rows(read.into_iter().map(entry_view).collect(), window, |entry| u64::from(entry.number.0)))
    })
    .await
}

/// On which terms an agent's answer goes now.
pub(super) fn reply_terms(
    active: &Active,
    boards: &Boards,
    ticket: &Ticket,
    even_if_suppressed: bool,
    now: Timestamp,
) -> Result<Terms, Fault> {
    let undo = SignedDuration::from_secs(active.settings.desk.undo_seconds.into());
    let undo_until = now.checked_add(undo).ok().filter(|until| *until > now);
    let sender = answering_sender(active, ticket)?;
    let size_limit = boards.sender(&sender.name).borrow().size_limit;
    Ok(Terms { undo_until, even_if_suppressed, size_limit })
}

pub(super) fn write_reply(
    tx: &mut Transaction<'_>,
    active: &Active,
    user: &str,
    ticket: &Ticket,
    (text, attachments): (String, Vec<AttachmentRef>),
    terms: Terms,
    now: Timestamp,
) -> Result<ReplyView, Fault> {
    let number = ticket.number;
    let author = Author::Agent { name: user.to_owned() };
    let mut entry = Entry { attachments, ..Entry::new(author, EntryKind::Comment, text, now) };
    entry.number = EntryNumber(ticket.entries + 1);
    let attachments = entry.attachments.clone();
    let answer = Answer { entry: entry.number, agent: user, text: &entry.text, attachments };
    let queued = queue_answer(tx, active, ticket, answer, terms, now)?;
    let outbox = queued.id;
    entry.outbox = Some(outbox);
    entry.message_id = Some(queued.message_id);
    let applied = apply(ticket, Command::Reply { entry }, now)?;
    let entry = write(tx, &applied.ticket, &applied.entries)?;
    let by = user.to_owned();
    audit::append(tx, now, user, &format!("replied to #{number}"))?;
    events::append(tx, now, DomainEvent::AgentReplied { ticket: number, entry, outbox, by })?;
    let held_until = queued.state.due_at().filter(|at| *at > now);
    Ok(ReplyView { ticket: ticket_row(tx, &applied.ticket)?, entry, outbox, held_until })
}

pub(super) async fn note(
    parts: &RpcParts,
    user: String,
    number: TicketNumber,
    text: String,
    key: RequestKey,
) -> Result<TicketRow, Fault> {
    let text = checked(text)?;
    let now = parts.clock.now();
    let work = move |tx: &mut Transaction<'_>| write_note(tx, &user, number, text, now);
    let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    Ok(answer)
}

pub(super) fn write_note(
    tx: &mut Transaction<'_>,
    user: &str,
    number: TicketNumber,
    text: String,
    now: Timestamp,
) -> Result<TicketRow, Fault> {
    let (ticket, by) = (get(tx, number)?, user.to_owned());
    let entry = Entry::new(Author::Agent { name: by.clone() }, EntryKind::Note, text, now);
    let applied = apply(&ticket, Command::Note { entry }, now)?;
    let entry = write(tx, &applied.ticket, &applied.entries)?;
    audit::append(tx, now, user, &format!("wrote a note on #{number}"))?;
    events::append(tx, now, DomainEvent::NoteAdded { ticket: number, entry, by })?;
    ticket_row(tx, &applied.ticket)
}

pub(super) fn checked(text: String) -> Result<String, Fault> {
    if text.chars().count() > LONGEST_TEXT {
        return Err(RpcError::Rejected(format!("the text is longer than {LONGEST_TEXT} characters")).into());
    }
    Ok(maildesk_core::text::clean_block(text.trim_end()))
}

pub(super) fn get(store: &impl Read, number: TicketNumber) -> Result<Ticket, Fault> {
    found(tickets::get(store, number)?, "ticket", format!("#{number}"))
}

/// Writes a ticket with its new entries; gives the number of the first.
pub(super) fn write(tx: &mut Transaction<'_>, ticket: &Ticket, added: &[Entry]) -> Result<EntryNumber, Fault> {
    tickets::put(tx, ticket)?;
    for entry in added {
        entries::put(tx, ticket.number, entry)?;
    }
    Ok(added.first().map_or(EntryNumber(ticket.entries), |entry| entry.number))
}

impl From<AnswerError> for Fault {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Enqueue(EnqueueError::Store(error)) => Fault::Store(error),
            AnswerError::Enqueue(EnqueueError::Render(error)) => Fault::inner(error),
            AnswerError::Enqueue(EnqueueError::Suppressed(reason)) => {
                Fault::Told(RpcError::Rejected(format!("{reason}; --even-if-suppressed sends it all the same")))
            }
            other => Fault::Told(RpcError::Rejected(other.to_string())),
        }
    }
}
