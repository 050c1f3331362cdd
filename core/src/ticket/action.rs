//! What an agent does to a ticket beside writing: its status, priority, tags and who is in charge.

use super::{Author, Rejected, Status, Ticket};
use crate::ids::Revision;
use crate::ticket::{Applied, Priority, command};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Tags on a ticket at the most, and characters of one.
pub(super) const MOST_TAGS: usize = 50;
const LONGEST_TAG: usize = 60;

/// One action. Several are done together or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketAction {
    /// It is done. `tell`: the contact gets a mail that says so.
    Resolve {
        tell: bool,
    },
    /// It waits: for the customer, or until a time at which it opens again.
    Pend {
        until: Option<Timestamp>,
    },
    /// It is over; nobody is told.
    Close,
    /// It goes on.
    Reopen,
    /// Puts an agent in charge; absent: nobody.
    Assign {
        to: Option<String>,
    },
    Prioritise {
        priority: Priority,
    },
    AddTag {
        tag: String,
    },
    RemoveTag {
        tag: String,
    },
}

/// Statuses that an agent's action leads to from this one: `None` where it may not.
fn target(action: &TicketAction, from: &Status, now: Timestamp) -> Option<Option<Status>> {
    use Status::{Closed, New, Open, Pending, Resolved};
    match (action, from) {
        (TicketAction::Resolve { .. }, New | Open | Pending { .. }) => Some(Some(Resolved { at: now })),
        (TicketAction::Pend { until }, New | Open | Pending { .. }) => Some(Some(Pending { until: *until })),
        (TicketAction::Close, New | Open | Pending { .. } | Resolved { .. }) => Some(Some(Closed { at: now })),
        (TicketAction::Reopen, Pending { .. } | Resolved { .. } | Closed { .. }) => Some(Some(Open)),
        (TicketAction::Resolve { .. } | TicketAction::Pend { .. } | TicketAction::Close | TicketAction::Reopen, _) => {
            None
        }
        _ => Some(None),
    }
}

/// Does these actions one after the other, as one change of the ticket.
///
/// # Errors
/// The first that cannot be done; nothing is changed then.
pub fn act(ticket: &Ticket, actions: &[TicketAction], by: &Author, now: Timestamp) -> Result<Applied, Rejected> {
    ticket.refuse_merged()?;
    let mut applied = Applied { ticket: ticket.clone(), entries: Vec::new() };
    for action in actions {
        one(&mut applied, action, by, now)?;
    }
    if applied.ticket != *ticket {
        applied.ticket.updated = now;
        applied.ticket.revision = Revision(ticket.revision.0 + 1);
    }
    Ok(applied)
}

fn one(applied: &mut Applied, action: &TicketAction, by: &Author, now: Timestamp) -> Result<(), Rejected> {
    let (number, from) = (applied.ticket.number, applied.ticket.status);
    match target(action, &from, now) {
        Some(Some(status)) => {
            if let Status::Pending { until: Some(until) } = status
                && until <= now
            {
                return Err(Rejected::Past { until });
            }
            command::change_status(applied, status, by.clone(), now);
        }
        Some(None) => {}
        None => return Err(Rejected::NotFrom { number, action: action.word(), status: from.word() }),
    }
    let said = match action {
        TicketAction::Assign { to: Some(name) } if !is_user_name(name) => {
            return Err(Rejected::BadUser(crate::text::shorten(&crate::text::clean_line(name), 80)));
        }
        TicketAction::Assign { to } if applied.ticket.assignee != *to => {
            applied.ticket.assignee = to.clone();
            format!("assigned to {}", to.as_deref().unwrap_or("nobody"))
        }
        TicketAction::Prioritise { priority } if applied.ticket.priority != *priority => {
            let said = format!("priority {} -> {}", applied.ticket.priority.word(), priority.word());
            applied.ticket.priority = *priority;
            said
        }
        TicketAction::AddTag { tag } => {
            let tag = usable_tag(tag)?;
            if applied.ticket.tags.contains(&tag) {
                return Ok(());
            }
            if applied.ticket.tags.len() >= MOST_TAGS {
                return Err(Rejected::TooManyTags);
            }
            let said = format!("tag {tag} added");
            applied.ticket.tags.push(tag);
            said
        }
        TicketAction::RemoveTag { tag } if applied.ticket.tags.contains(tag) => {
            applied.ticket.tags.retain(|kept| kept != tag);
            format!("tag {tag} removed")
        }
        _ => return Ok(()),
    };
    command::note_change(applied, by.clone(), said, now);
    Ok(())
}

/// Whether it has the form of a Unix user name.
pub fn is_user_name(name: &str) -> bool {
    let usable = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    (1..=64).contains(&name.len()) && name.chars().all(usable)
}

/// The tag, cleaned.
///
/// # Errors
/// It is none.
pub fn usable_tag(tag: &str) -> Result<String, Rejected> {
    let clean = crate::text::clean_line(tag);
    let fits = !clean.is_empty() && clean.chars().count() <= LONGEST_TAG && !clean.contains(',');
    if fits { Ok(clean) } else { Err(Rejected::BadTag(crate::text::shorten(&clean, 80))) }
}

impl TicketAction {
    /// The verb, as people name it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Resolve { .. } => "resolve",
            Self::Pend { .. } => "pend",
            Self::Close => "close",
            Self::Reopen => "reopen",
            Self::Assign { .. } => "assign",
            Self::Prioritise { .. } => "priority",
            Self::AddTag { .. } => "tag",
            Self::RemoveTag { .. } => "untag",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::command::tests::ticket;
    use jiff::SignedDuration;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn ann() -> Author {
        Author::Agent { name: "ann".into() }
    }

    #[test]
    fn which_action_leads_from_where_to_where() {
        let later = NOW + SignedDuration::from_hours(1);
        let statuses = [
            Status::New,
            Status::Open,
            Status::Pending { until: None },
            Status::Resolved { at: NOW },
            Status::Closed { at: NOW },
        ];
        for (action, want) in [
            (TicketAction::Resolve { tell: true }, ["resolved", "resolved", "resolved", "-", "-"]),
            (TicketAction::Pend { until: Some(later) }, ["pending", "pending", "pending", "-", "-"]),
            (TicketAction::Close, ["closed", "closed", "closed", "closed", "-"]),
            (TicketAction::Reopen, ["-", "-", "open", "open", "open"]),
            (TicketAction::Assign { to: None }, ["new", "open", "pending", "resolved", "closed"]),
        ] {
            let reached =
                statuses.map(|status| match act(&ticket(status), std::slice::from_ref(&action), &ann(), NOW) {
                    Ok(applied) => applied.ticket.status.word(),
                    Err(_) => "-",
                });
            assert_eq!(reached, want, "{action:?}");
        }
        let refused = act(&ticket(Status::New), &[TicketAction::Reopen], &ann(), NOW).unwrap_err();
        assert_eq!(refused.to_string(), "ticket 7 is new: reopen cannot be done");
        let refused = act(&ticket(Status::New), &[TicketAction::Pend { until: Some(NOW) }], &ann(), NOW).unwrap_err();
        assert!(refused.to_string().starts_with("1970-01-01T00:00:00Z is not in the future"), "{refused}");
    }

    #[test]
    fn several_actions_are_one_change_or_none() {
        let all = [
            TicketAction::Assign { to: Some("bob".into()) },
            TicketAction::Prioritise { priority: Priority::High },
            TicketAction::AddTag { tag: " vip ".into() },
            TicketAction::AddTag { tag: "vip".into() },
            TicketAction::RemoveTag { tag: "none".into() },
            TicketAction::Resolve { tell: false },
        ];
        let applied = act(&ticket(Status::Open), &all, &ann(), NOW).unwrap();
        let said: Vec<&str> = applied.entries.iter().map(|entry| entry.text.as_str()).collect();
        assert_eq!(said, ["assigned to bob", "priority normal -> high", "tag vip added", "open -> resolved"]);
        assert_eq!((applied.ticket.revision, applied.ticket.entries), (Revision(4), 5));
        let mut with_a_slip = all.to_vec();
        with_a_slip.push(TicketAction::AddTag { tag: "a,b".into() });
        assert_eq!(act(&ticket(Status::Open), &with_a_slip, &ann(), NOW), Err(Rejected::BadTag("a,b".into())));
        let nothing = act(&ticket(Status::Open), &[TicketAction::Assign { to: None }], &ann(), NOW).unwrap();
        assert_eq!((nothing.ticket, nothing.entries.len()), (ticket(Status::Open), 0));
    }
}
