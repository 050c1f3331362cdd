//! What happens on a ticket when a moment comes: warnings, breaches, reminders, and the end of what is resolved.

use super::{SlaRules, Target, follow};
use crate::ids::Revision;
use crate::ticket::{Applied, Author, Status, Ticket, change_status};
use jiff::Timestamp;

/// One thing that is to be told, or that was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Struck {
    /// A promise ends soon.
    Warned { target: Target, due: Timestamp },
    /// A promise was not kept.
    Breached { target: Target, due: Timestamp },
    /// What waited until a time is open again.
    Reminded,
    /// What was resolved long ago is closed.
    Closed,
}

/// Notes all whose time has come. A breach that is found before its warning stands for both: after a standstill nobody
/// is warned of what is over.
pub fn strike(
    ticket: &Ticket,
    customer: Option<&str>,
    rules: &SlaRules,
    now: Timestamp,
) -> Option<(Applied, Vec<Struck>)> {
    if ticket.clocks.wake.is_none_or(|wake| wake > now) {
        return None;
    }
    let mut applied = Applied { ticket: ticket.clone(), entries: Vec::new() };
    let mut struck = Vec::new();
    for clock in &mut applied.ticket.clocks.running {
        let Some(due) = clock.due.filter(|_| clock.breached.is_none()) else { continue };
        if due <= now {
            clock.breached = Some(now);
            clock.warned = clock.warned.or(Some(now));
            struck.push(Struck::Breached { target: clock.target, due });
        } else if clock.warned.is_none() && clock.warn_at.is_some_and(|at| at <= now) {
            clock.warned = Some(now);
            struck.push(Struck::Warned { target: clock.target, due });
        }
    }
    let moved = match ticket.status {
        Status::Pending { until: Some(until) } if until <= now => Some((Status::Open, Struck::Reminded)),
        Status::Resolved { at } => {
            let over = rules.close_after().and_then(|after| at.checked_add(after).ok()).filter(|over| *over <= now);
            over.map(|_| (Status::Closed { at: now }, Struck::Closed))
        }
        _ => None,
    };
    if let Some((status, what)) = moved {
        change_status(&mut applied, status, Author::System, now);
        applied.ticket.updated = now;
        struck.push(what);
    }
    applied.ticket.revision = Revision(ticket.revision.0 + 1);
    follow(&mut applied.ticket, customer, rules, now);
    Some((applied, struck))
}
