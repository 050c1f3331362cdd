//! Two tickets that are one matter: what a merge makes of both.

use super::action::MOST_TAGS;
use super::{Applied, Author, Priority, Rejected, Status, Ticket, command};
use crate::ids::{Revision, TicketNumber};
use jiff::Timestamp;

/// Both tickets after a merge, with the lines that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub source: Applied,
    pub target: Applied,
    /// Tags that the target got.
    pub tags: Vec<String>,
    /// The target's priority before, where the source mattered more.
    pub raised_from: Option<Priority>,
    /// The source's agent, who is in charge of the target now, where nobody was.
    pub assigned: Option<String>,
}

/// Whether `source` can be merged. `named` is the ticket that a person named as target, `target` the one that it leads
/// to, where it was merged itself.
///
/// # Errors
/// Why not.
pub fn may_merge(source: &Ticket, named: TicketNumber, target: &Ticket) -> Result<(), Rejected> {
    if let Some(into) = source.moves.merged_into {
        return Err(Rejected::Merged { number: source.number, into });
    }
    match (named == source.number, target.number == source.number) {
        (true, _) => Err(Rejected::IntoItself(source.number)),
        (false, true) => Err(Rejected::IntoItsSource { ticket: source.number, named }),
        (false, false) => Ok(()),
    }
}

/// Merges: the entries that move have moved already, `moved` of them. The source is closed and leads to the target; the
/// target has the tags of both, the higher priority and an agent where one has, and it is open again where the source
/// still wanted work.
///
/// # Errors
/// The target would have more tags than a ticket can have.
pub fn merge(source: &Ticket, target: &Ticket, moved: u32, by: &Author, now: Timestamp) -> Result<Merged, Rejected> {
    let mut from = Applied { ticket: source.clone(), entries: Vec::new() };
    let mut into = Applied { ticket: target.clone(), entries: Vec::new() };
    let entries = if moved == 1 { "its entry is" } else { "its entries are" };
    from.ticket.status = Status::Closed { at: now };
    from.ticket.moves.merged_into = Some(target.number);
    from.ticket.relate(target.number);
    command::note_change(&mut from, by.clone(), format!("merged into #{}: {entries} there", target.number), now);
    into.ticket.relate(source.number);
    for other in source.related.iter().filter(|other| **other != target.number) {
        into.ticket.relate(*other);
    }
    let entries = if moved == 1 { "1 entry".to_owned() } else { format!("{moved} entries") };
    let said = format!("#{} was merged into this ticket: {entries}", source.number);
    command::note_change(&mut into, by.clone(), said, now);
    let tags: Vec<String> = source.tags.iter().filter(|tag| !target.tags.contains(tag)).cloned().collect();
    into.ticket.tags.extend(tags.iter().cloned());
    if into.ticket.tags.len() > MOST_TAGS {
        return Err(Rejected::TooManyTags);
    }
    let raised_from = (source.priority > target.priority).then_some(target.priority);
    if let Some(before) = raised_from {
        into.ticket.priority = source.priority;
        let said = format!("priority {} -> {}, as #{} had", before.word(), source.priority.word(), source.number);
        command::note_change(&mut into, by.clone(), said, now);
    }
    let assigned = source.assignee.clone().filter(|_| target.assignee.is_none());
    if let Some(agent) = &assigned {
        into.ticket.assignee = Some(agent.clone());
        let said = format!("assigned to {agent}, as #{} was", source.number);
        command::note_change(&mut into, by.clone(), said, now);
    }
    if wants_work(source) && !wants_work(target) {
        command::change_status(&mut into, Status::Open, by.clone(), now);
    }
    for applied in [&mut from, &mut into] {
        applied.ticket.updated = now;
        applied.ticket.revision = Revision(applied.ticket.revision.0 + 1);
    }
    Ok(Merged { source: from, target: into, tags, raised_from, assigned })
}

/// Whether the desk has something to do.
pub fn wants_work(ticket: &Ticket) -> bool {
    matches!(ticket.status, Status::New | Status::Open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::command::tests::ticket;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn numbered(number: u64, status: Status, tags: &[&str]) -> Ticket {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        Ticket { number: TicketNumber(number), tags, ..ticket(status) }
    }

    fn merged(source: &Ticket, target: &Ticket) -> Merged {
        merge(source, target, 2, &Author::Agent { name: "ann".into() }, NOW).unwrap()
    }

    #[test]
    fn the_source_is_closed_and_leads_to_the_target_with_the_tags_of_both() {
        let done = merged(&numbered(9, Status::New, &["vip", "shop"]), &numbered(7, Status::Open, &["shop"]));
        let (source, target) = (&done.source.ticket, &done.target.ticket);
        assert_eq!((source.status, source.moves.merged_into), (Status::Closed { at: NOW }, Some(TicketNumber(7))));
        assert_eq!((target.tags.join(" ").as_str(), done.tags.join(" ").as_str()), ("shop vip", "vip"));
        assert_eq!((&source.related, &target.related), (&vec![TicketNumber(7)], &vec![TicketNumber(9)]));
        assert_eq!(done.source.entries[0].text, "merged into #7: its entries are there");
        assert_eq!(done.target.entries[0].text, "#9 was merged into this ticket: 2 entries");
        assert_eq!((source.revision, target.revision), (Revision(4), Revision(4)));
    }

    #[test]
    fn what_still_wants_work_opens_its_target() {
        let resolved = Status::Resolved { at: NOW };
        for (source, target, want) in [
            (Status::New, resolved, "open"),
            (Status::Open, Status::Pending { until: None }, "open"),
            (Status::Open, Status::New, "new"),
            (resolved, Status::Closed { at: NOW }, "closed"),
            (Status::Pending { until: None }, resolved, "resolved"),
        ] {
            let done = merged(&numbered(9, source, &[]), &numbered(7, target, &[]));
            assert_eq!(done.target.ticket.status.word(), want);
        }
    }

    #[test]
    fn the_higher_priority_counts_and_an_agent_is_not_lost() {
        let one = |priority, agent: Option<&'static str>| {
            move |number| Ticket { priority, assignee: agent.map(str::to_owned), ..numbered(number, Status::Open, &[]) }
        };
        for (source, target, want, said) in [
            (one(Priority::High, Some("bob")), one(Priority::Low, None), (Priority::High, Some("bob")), 3),
            (one(Priority::Low, Some("bob")), one(Priority::High, Some("ann")), (Priority::High, Some("ann")), 1),
            (one(Priority::High, None), one(Priority::High, Some("ann")), (Priority::High, Some("ann")), 1),
        ] {
            let done = merged(&source(9), &target(7));
            let (ticket, entries) = (&done.target.ticket, &done.target.entries);
            assert_eq!((ticket.priority, ticket.assignee.as_deref(), entries.len()), (want.0, want.1, said));
            assert_eq!((done.raised_from.is_some(), done.assigned.is_some()), (said == 3, said == 3));
            if said == 3 {
                assert_eq!(entries[1].text, "priority low -> high, as #9 had");
                assert_eq!(entries[2].text, "assigned to bob, as #9 was");
            }
        }
    }

    #[test]
    fn no_ticket_becomes_part_of_itself() {
        let (seven, nine) = (numbered(7, Status::Open, &[]), numbered(9, Status::Open, &[]));
        let number = TicketNumber;
        assert_eq!(may_merge(&nine, number(7), &seven), Ok(()));
        assert_eq!(may_merge(&seven, number(7), &seven), Err(Rejected::IntoItself(number(7))));
        // 9 was merged into 7 before: it leads to 7.
        let refused = may_merge(&seven, number(9), &seven).unwrap_err();
        assert_eq!(refused.to_string(), "ticket 9 was merged into 7 before: 7 cannot be merged into it");
        let gone = merged(&nine, &seven).source.ticket;
        let refused = may_merge(&gone, number(8), &numbered(8, Status::Open, &[])).unwrap_err();
        assert_eq!(refused.to_string(), "ticket 9 was merged into #7: use that one");
    }

    #[test]
    fn too_many_tags_are_refused() {
        let many: Vec<String> = (0..MOST_TAGS).map(|tag| tag.to_string()).collect();
        let full = Ticket { tags: many, ..numbered(7, Status::Open, &[]) };
        let by = Author::System;
        assert_eq!(merge(&numbered(9, Status::Open, &["x"]), &full, 1, &by, NOW), Err(Rejected::TooManyTags));
        assert!(merge(&numbered(9, Status::Open, &["3"]), &full, 1, &by, NOW).is_ok());
    }
}
