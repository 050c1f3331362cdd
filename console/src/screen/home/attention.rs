//! What needs a person, worst first, and where it is mended.

use crate::app::desk::{Desk, Goal};
use crate::app::place::Place;
use crate::output::{Style, counted};
use jiff::{SignedDuration, Timestamp};
use maildesk_core::rpc::{TicketRow, WorkState};

/// One line of attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attention {
    pub style: Style,
    pub what: String,
    pub said: String,
    pub goal: Goal,
}

/// Below this the disk is worth a look.
const DISK_LOW: u64 = 1 << 30;

/// A due time that is nearer is worth a look.
const SOON: SignedDuration = SignedDuration::from_mins(30);
/// Tickets that one line names.
const NAMED: usize = 5;

/// Everything that needs a person, as far as it is known.
pub fn attention(desk: &Desk) -> Vec<Attention> {
    let Some(status) = &desk.status.value else { return Vec::new() };
    let mut found = Vec::new();
    for mailbox in &status.mailboxes {
        found.extend(of_state(&format!("mailbox {}", mailbox.name), &mailbox.state, Place::Inbound, desk));
    }
    for sender in &status.senders {
        found.extend(of_state(&format!("sender {}", sender.name), &sender.state, Place::Outbound, desk));
    }
    for copy in &status.sent_copies {
        found.extend(of_state(&format!("sent copies of {}", copy.sender), &copy.state, Place::Outbound, desk));
    }
    found.extend(of_state("attachment storage", &status.storage.state, Place::Home, desk));
    let counts = &status.counts;
    let mut note = |style, count: u64, what: &str, said: String, place| {
        if count > 0 {
            found.push(Attention { style, what: what.into(), said, goal: Goal::Place(place) });
        }
    };
    let queues = Place::Queues;
    note(
        Style::Bad,
        counts.outbox_failed,
        "outbox",
        format!("{} failed for good", counted(counts.outbox_failed, "mail")),
        queues,
    );
    let verb = if counts.quarantined == 1 { "needs" } else { "need" };
    let quarantined = format!("{} {verb} a person", counted(counts.quarantined, "mail"));
    note(Style::Attention, counts.quarantined, "quarantine", quarantined, queues);
    let low = u64::from(status.disk_free < DISK_LOW);
    let free = format!("{} free where the state is", crate::output::size::bytes(status.disk_free));
    note(Style::Bad, low, "disk", free, Place::Home);
    if status.mailboxes.is_empty() || status.senders.is_empty() {
        let missing = if status.mailboxes.is_empty() { "mailbox" } else { "sender" };
        let place = if status.mailboxes.is_empty() { Place::Inbound } else { Place::Outbound };
        note(Style::Attention, 1, "settings", format!("no {missing} is set up yet"), place);
    }
    if let Some(days) = status.clean_up.and_then(|done| done.doubted_days) {
        let said = format!("the clock is {days} days ahead of the last clean-up: nothing is removed yet; is it right?");
        note(Style::Attention, 1, "clock", said, Place::Home);
    }
    if let Some(allowed) = &status.silent {
        let said = match allowed.len() {
            0 => "on: no mail leaves, all is held".into(),
            count => {
                let addresses = counted(count as u64, "address");
                format!("on: mail leaves to {addresses} only, all else is held")
            }
        };
        note(Style::Attention, 1, "silent mode", said, queues);
    }
    found.extend(of_due_times(desk));
    // A stable sort: what is equally bad stays in the order of the settings.
    found.sort_by_key(|line| match line.style {
        Style::Bad => 0,
        _ => 1,
    });
    found
}

/// Tickets that are late, and those that will be soon.
fn of_due_times(desk: &Desk) -> impl Iterator<Item = Attention> {
    let (now, due) = (desk.now(), desk.due.value.as_deref().unwrap_or_default());
    let said = move |style, what: &str, from: Timestamp, until: Timestamp| {
        let at = |row: &&TicketRow| row.sla.as_ref().and_then(|sla| sla.due).is_some_and(|at| from <= at && at < until);
        let found: Vec<&TicketRow> = due.iter().filter(at).collect();
        let first = found.first()?;
        let named: Vec<String> = found.iter().take(NAMED).map(|row| format!("#{}", row.number)).collect();
        let more = if found.len() > NAMED { " and more" } else { "" };
        let tickets = counted(found.len() as u64, "ticket");
        let said = format!("{tickets} {what}: {}{more}", named.join(" "));
        Some(Attention { style, what: "SLA".into(), said, goal: Goal::Ticket(first.number) })
    };
    let soon = now + SOON;
    let late = said(Style::Bad, "past the due time", Timestamp::MIN, now);
    let next = said(Style::Attention, &format!("due in less than {} min", SOON.as_mins()), now, soon);
    late.into_iter().chain(next)
}

fn of_state(what: &str, state: &WorkState, place: Place, desk: &Desk) -> Option<Attention> {
    let (style, said) = match state {
        WorkState::Faulty { since, next_try, diagnosis } => {
            let next = next_try.map(|at| format!(", next try {}", desk.glance(at))).unwrap_or_default();
            (Style::Bad, format!("{} (since {}{next})", diagnosis.meaning, desk.glance(*since)))
        }
        WorkState::RateLimited { until } => {
            (Style::Attention, format!("waits for its rate limit until {}", desk.exact(*until)))
        }
        WorkState::Starting | WorkState::Disabled | WorkState::Working => return None,
    };
    Some(Attention { style, what: what.into(), said, goal: Goal::Place(place) })
}
