//! What time alone does to a ticket: what waited until a time is open again, what was resolved long ago is closed.

use super::change_status;
use super::{Applied, Author, Status, Ticket};
use crate::ids::Revision;
use jiff::{SignedDuration, Timestamp};

/// When time moves the ticket by itself; `close_days` after which a resolved ticket is closed, 0 for never.
pub fn next_move(ticket: &Ticket, close_days: u32) -> Option<Timestamp> {
    match ticket.status {
        Status::Pending { until } => until,
        Status::Resolved { at } if close_days > 0 => {
            at.checked_add(SignedDuration::from_hours(i64::from(close_days) * 24)).ok()
        }
        Status::New | Status::Open | Status::Resolved { .. } | Status::Closed { .. } => None,
    }
}

/// The ticket as time has moved it by then; nothing where it has not.
pub fn moved_by_time(ticket: &Ticket, close_days: u32, now: Timestamp) -> Option<Applied> {
    next_move(ticket, close_days).filter(|at| *at <= now)?;
    let status = match ticket.status {
        Status::Resolved { .. } => Status::Closed { at: now },
        _ => Status::Open,
    };
    let mut applied = Applied { ticket: ticket.clone(), entries: Vec::new() };
    change_status(&mut applied, status, Author::System, now);
    applied.ticket.updated = now;
    applied.ticket.revision = Revision(ticket.revision.0 + 1);
    Some(applied)
}

#[cfg(test)]
mod tests {
    use super::super::command::tests::ticket;
    use super::*;

    #[test]
    fn what_waits_opens_and_what_is_resolved_closes_in_time() {
        let day = |days: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * days);
        let check = |status, close_days, now, want: Option<&str>| {
            let moved = moved_by_time(&ticket(status), close_days, now);
            assert_eq!(moved.map(|applied| applied.ticket.status.word()), want);
        };
        let waits = Status::Pending { until: Some(day(3)) };
        check(waits, 0, day(2), None);
        check(waits, 0, day(3), Some("open"));
        check(Status::Pending { until: None }, 9, day(99), None);
        check(Status::Resolved { at: day(1) }, 7, day(7), None);
        check(Status::Resolved { at: day(1) }, 7, day(8), Some("closed"));
        check(Status::Resolved { at: day(1) }, 0, day(99), None);
        check(Status::Closed { at: day(1) }, 7, day(99), None);
        check(Status::Open, 7, day(99), None);
    }
}
