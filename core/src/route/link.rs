//! Tickets that name each other: an answer that came too late, a stranger's answer to a known mail.

use super::plan::PlannedTicket;
use crate::ids::TicketNumber;
use crate::ticket::{Author, Command, Entry, EntryKind, Rejected, Status, Ticket, apply};
use jiff::{SignedDuration, Timestamp};

/// When a ticket was done, where that is so long ago that an answer is a new ticket.
pub(super) fn done_long_ago(ticket: &Ticket, reopen_days: u32, now: Timestamp) -> Option<Timestamp> {
    let (Status::Resolved { at } | Status::Closed { at }) = ticket.status else { return None };
    let open_for = SignedDuration::from_hours(24 * i64::from(reopen_days));
    (now.duration_since(at) >= open_for).then_some(at)
}

/// The old ticket with its link to the new one.
///
/// # Errors
/// The ticket takes no note.
pub(super) fn goes_on(old: &Ticket, new: TicketNumber, now: Timestamp) -> Result<PlannedTicket, Rejected> {
    let entry = internal(format!("an answer came in after the time for reopening: it goes on in #{new}"), now);
    let mut applied = apply(old, Command::Note { entry }, now)?;
    applied.ticket.relate(new);
    Ok(PlannedTicket { ticket: applied.ticket, entries: applied.entries })
}

/// A note of ours, for the team.
pub(super) fn internal(text: String, now: Timestamp) -> Entry {
    Entry::new(Author::System, EntryKind::Note, text, now)
}
