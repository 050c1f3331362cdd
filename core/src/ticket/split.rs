//! One ticket that turns out to be two matters: the new one, and what the old one says of it.

use super::{Applied, Author, Entry, EntryKind, Moves, Rejected, Status, Ticket, command};
use crate::ids::{ContactId, CustomerId, EntryNumber, Revision, TicketNumber};
use jiff::Timestamp;

/// Whether an entry can be taken out.
///
/// # Errors
/// It tells of the ticket itself.
pub fn may_leave(ticket: TicketNumber, entry: &Entry) -> Result<(), Rejected> {
    if entry.kind.stays() { Err(Rejected::StaysWithTicket { ticket, entry: entry.number }) } else { Ok(()) }
}

/// The ticket that these entries become, the oldest first; none of them is in its thread yet. It is as the old one in
/// all that nobody said otherwise.
pub fn split_off(
    old: &Ticket,
    number: TicketNumber,
    (contact, customer): (ContactId, Option<CustomerId>),
    subject: Option<String>,
    leaving: &[Entry],
    now: Timestamp,
) -> Ticket {
    let answered = |entry: &Entry| entry.kind == EntryKind::Comment && matches!(entry.author, Author::Agent { .. });
    Ticket {
        number,
        subject: subject.unwrap_or_else(|| old.subject.clone()),
        status: if leaving.iter().any(answered) { Status::Open } else { Status::New },
        contact,
        customer,
        related: vec![old.number],
        created: now,
        updated: now,
        entries: 0,
        revision: Revision(1),
        moves: Moves::default(),
        ..old.clone()
    }
}

/// Both tickets with the lines that say so; `leaving` are the numbers that the entries had.
pub fn say_split(
    old: &Ticket,
    new: &Ticket,
    leaving: &[EntryNumber],
    by: &Author,
    now: Timestamp,
) -> (Applied, Applied) {
    let numbers = leaving.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let noun = if leaving.len() == 1 { "entry" } else { "entries" };
    let mut from = Applied { ticket: old.clone(), entries: Vec::new() };
    from.ticket.relate(new.number);
    command::note_change(&mut from, by.clone(), format!("{noun} {numbers} went to #{}", new.number), now);
    from.ticket.updated = now;
    from.ticket.revision = Revision(old.revision.0 + 1);
    let mut into = Applied { ticket: new.clone(), entries: Vec::new() };
    command::note_change(&mut into, by.clone(), format!("split from #{}: {noun} {numbers}", old.number), now);
    (from, into)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::command::tests::{entry, ticket};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn the_new_ticket_is_as_the_old_one_where_nobody_said_otherwise() {
        let old = Ticket { tags: vec!["vip".into()], ..ticket(Status::Resolved { at: NOW }) };
        let asks = Entry { author: Author::System, ..entry(EntryKind::Comment, "also") };
        let whose = (ContactId(5), None);
        let new = split_off(&old, TicketNumber(8), whose, None, std::slice::from_ref(&asks), NOW);
        assert_eq!((new.status, new.subject.as_str(), new.contact), (Status::New, "printer", ContactId(5)));
        assert_eq!((new.tags.as_slice(), new.entries), (old.tags.as_slice(), 0));
        let answered = [asks, entry(EntryKind::Comment, "an answer")];
        let new = split_off(&old, TicketNumber(8), whose, Some("scanner".into()), &answered, NOW);
        assert_eq!((new.status, new.subject.as_str()), (Status::Open, "scanner"));
        let (old, new) = say_split(&old, &new, &[EntryNumber(2), EntryNumber(4)], &Author::System, NOW);
        assert_eq!(old.entries[0].text, "entries 2, 4 went to #8");
        assert_eq!(new.entries[0].text, "split from #7: entries 2, 4");
        assert_eq!((old.ticket.related, new.ticket.related), (vec![TicketNumber(8)], vec![TicketNumber(7)]));
    }

    #[test]
    fn what_tells_of_the_ticket_itself_stays() {
        let number = TicketNumber(7);
        for (kind, leaves) in [
            (EntryKind::Comment, true),
            (EntryKind::Note, true),
            (EntryKind::UnverifiedNote, true),
            (EntryKind::DeliveryProblem, true),
            (EntryKind::StatusChange, false),
            (EntryKind::Sla, false),
        ] {
            assert_eq!(may_leave(number, &entry(kind, "x")).is_ok(), leaves, "{kind:?}");
        }
    }
}
