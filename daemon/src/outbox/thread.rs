//! What a mail's ticket is told about it, and whose turn it is after it.

use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::places::reach;
use crate::store::{entries, outbox, tickets};
use jiff::Timestamp;
use maildesk_core::outbox::order::goes_next;
use maildesk_core::outbox::{OutboxEntry, OutboxState};
use maildesk_core::ticket::{Author, Command, Entry, EntryKind, Ticket, apply};

/// Writes an internal entry on the mail's ticket; gives the ticket where there is one. Of a ticket that cannot be read
/// nothing is told: what became of the mail counts all the same, or it would be sent again.
pub(super) fn tell(
    tx: &mut Transaction<'_>,
    mail: &OutboxEntry,
    kind: EntryKind,
    text: String,
    now: Timestamp,
) -> Result<Option<Ticket>, StoreError> {
    match tell_readable(tx, mail, kind, text, now) {
        Err(error) if error.is_damage() => {
            tracing::error!(outbox = %mail.id, %error, "its ticket cannot be told what became of a mail");
            Ok(None)
        }
        told => told,
    }
}

fn tell_readable(
    tx: &mut Transaction<'_>,
    mail: &OutboxEntry,
    kind: EntryKind,
    text: String,
    now: Timestamp,
) -> Result<Option<Ticket>, StoreError> {
    let Some(ticket) = mail.ticket.map(|number| tickets::get(tx, number)).transpose()?.flatten() else {
        return Ok(None);
    };
    let ticket = reach(tx, ticket, mail.entry)?.ticket;
    let text = match mail.ticket {
        Some(first) if first != ticket.number => format!("{text} (it was written on #{first})"),
        _ => text,
    };
    let mut note = Entry::new(Author::System, kind, text, now);
    note.outbox = Some(mail.id);
    add_entry(tx, &ticket, note, now)?;
    Ok(Some(ticket))
}

/// Writes an internal entry on a ticket; gives the ticket as it is then. An entry without text is left out.
pub fn add_entry(
    tx: &mut Transaction<'_>,
    ticket: &Ticket,
    entry: Entry,
    now: Timestamp,
) -> Result<Ticket, StoreError> {
    let Ok(applied) = apply(ticket, Command::Note { entry }, now) else { return Ok(ticket.clone()) };
    tickets::put(tx, &applied.ticket)?;
    for entry in &applied.entries {
        entries::put(tx, ticket.number, entry)?;
    }
    Ok(applied.ticket)
}

/// A mail is out of the way: the next of its ticket that waited for it is due.
pub(super) fn free_next(tx: &mut Transaction<'_>, mail: &OutboxEntry, now: Timestamp) -> Result<(), StoreError> {
    let Some(ticket) = mail.ticket else { return Ok(()) };
    let waiting = outbox::waiting(tx, ticket)?;
    if let Some(next) = goes_next(mail, &waiting) {
        let mut next = OutboxEntry { waits_for: None, ..next.clone() };
        // What is held meanwhile stays held.
        if let OutboxState::Due { .. } = next.state {
            next.state = OutboxState::Due { at: now };
        }
        outbox::put(tx, &next)?;
    }
    Ok(())
}

/// What the mail is, for a ticket's thread.
pub(super) fn name(mail: &OutboxEntry) -> String {
    match mail.entry {
        Some(entry) if mail.kind == maildesk_core::notification::Kind::AgentReply => {
            format!("the answer (entry {entry}, mail {}) to {}", mail.id, mail.to)
        }
        _ => format!("mail {} to {}", mail.id, mail.to),
    }
}
