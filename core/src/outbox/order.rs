//! Mails of one ticket to one person go in their order, and what is decided about a due mail before it is sent.

use super::{OutboxEntry, Suppression};
use crate::ids::OutboxId;
use crate::settings::Silent;
use jiff::{SignedDuration, Timestamp};

/// A mail that waits for another looks again after this time at the latest; usually it is woken.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(10);
/// And not before this time, so that waiting costs little.
const NOT_BEFORE: SignedDuration = SignedDuration::from_mins(1);

/// The mail that has to go before `entry`: the earliest of those of its ticket to the same address that still wait.
pub fn goes_before<'a>(entry: &OutboxEntry, waiting: &'a [OutboxEntry]) -> Option<&'a OutboxEntry> {
    let ticket = entry.ticket?;
    let to = entry.to.key();
    let earlier = waiting.iter().filter(|other| {
        other.ticket == Some(ticket) && other.id < entry.id && other.state.is_waiting() && other.to.key() == to
    });
    earlier.min_by_key(|other| other.id)
}

/// The next mail that waited for `entry` and may go once that is out of the way.
pub fn goes_next<'a>(entry: &OutboxEntry, waiting: &'a [OutboxEntry]) -> Option<&'a OutboxEntry> {
    let freed = waiting.iter().filter(|other| other.waits_for == Some(entry.id) && other.state.is_waiting());
    freed.min_by_key(|other| other.id)
}

/// What to do with a mail whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Triage {
    Send,
    /// An earlier one of its ticket goes first.
    Wait {
        for_mail: OutboxId,
        until: Timestamp,
    },
    /// Silent mode holds it until a person releases it.
    HoldSilent,
    /// Its address is suppressed; the words for people.
    Suppressed(String),
}

/// Decides about a due mail. `suppression` is the entry of its address, `before` the mail that has to go first.
pub fn triage(
    entry: &OutboxEntry,
    silent: Option<&Silent>,
    suppression: Option<&Suppression>,
    before: Option<&OutboxEntry>,
    now: Timestamp,
) -> Triage {
    if silent.is_some_and(|silent| !silent.allows(&entry.to)) {
        return Triage::HoldSilent;
    }
    if let Some(suppression) = suppression.filter(|found| found.holds(now) && !entry.even_if_suppressed) {
        return Triage::Suppressed(suppression.sentence());
    }
    if let Some(before) = before {
        let wait = |pause| now.checked_add(pause).unwrap_or(now);
        let until = before.state.due_at().unwrap_or_else(|| wait(LOOK_AGAIN));
        return Triage::Wait { for_mail: before.id, until: until.clamp(wait(NOT_BEFORE), wait(LOOK_AGAIN)) };
    }
    Triage::Send
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::ids::TicketNumber;
    use crate::notification::Kind;
    use crate::outbox::{HoldReason, OutboxState};
    use crate::settings::SenderName;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const DUE: OutboxState = OutboxState::Due { at: NOW };

    fn entry(id: u64, ticket: Option<u64>, to: &str, state: OutboxState) -> OutboxEntry {
        OutboxEntry {
            ticket: ticket.map(TicketNumber),
            state,
            ..OutboxEntry::begun(
                OutboxId(id),
                Kind::AgentReply,
                SenderName::parse("main").unwrap(),
                Address::parse("desk@example.org").unwrap(),
                Address::parse(to).unwrap(),
                String::new(),
                NOW,
            )
        }
    }

    fn failed() -> OutboxState {
        OutboxState::Failed { at: NOW, reason: String::new() }
    }

    #[test]
    fn only_an_earlier_waiting_mail_of_the_ticket_to_the_same_person_goes_before() {
        let held = OutboxState::Held { since: NOW, until: None, reason: HoldReason::Undo };
        let check = |other: OutboxEntry, want: bool| {
            let mail = entry(5, Some(1), "ann@x.example", DUE);
            assert_eq!(goes_before(&mail, &[mail.clone(), other.clone()]).is_some(), want, "{other:?}");
        };
        check(entry(4, Some(1), "Ann@x.example", DUE), true);
        check(entry(4, Some(1), "ann@x.example", held), true);
        check(entry(6, Some(1), "ann@x.example", DUE), false);
        check(entry(4, Some(2), "ann@x.example", DUE), false);
        check(entry(4, Some(1), "bob@x.example", DUE), false);
        check(entry(4, Some(1), "ann@x.example", failed()), false);
        check(entry(4, None, "ann@x.example", DUE), false);
    }

    #[test]
    fn what_waited_goes_next() {
        let first = entry(1, Some(1), "ann@x.example", failed());
        let behind = |id, waits_for| OutboxEntry { waits_for, ..entry(id, Some(1), "ann@x.example", DUE) };
        let waiting = [behind(4, Some(OutboxId(1))), behind(3, Some(OutboxId(1))), behind(2, None)];
        assert_eq!(goes_next(&first, &waiting).map(|next| next.id), Some(OutboxId(3)));
        assert_eq!(goes_next(&first, &[behind(2, Some(OutboxId(9)))]), None);
    }

    #[test]
    fn what_is_done_with_a_due_mail() {
        let mail = entry(5, Some(1), "ann@x.example", DUE);
        let silent = Silent { allow: vec!["@y.example".into()] };
        let suppression = Suppression {
            address: mail.to.clone(),
            reason: "mailbox full".into(),
            since: NOW,
            expires: Some(NOW + SignedDuration::from_secs(1)),
        };
        let before = entry(4, Some(1), "ann@x.example", OutboxState::Due { at: NOW + SignedDuration::from_mins(5) });
        assert_eq!(triage(&mail, None, None, None, NOW), Triage::Send);
        assert_eq!(triage(&mail, Some(&silent), Some(&suppression), Some(&before), NOW), Triage::HoldSilent);
        assert!(matches!(triage(&mail, None, Some(&suppression), Some(&before), NOW), Triage::Suppressed(_)));
        let later = NOW + SignedDuration::from_secs(1);
        assert_eq!(triage(&mail, None, Some(&suppression), None, later), Triage::Send);
        let insisted = OutboxEntry { even_if_suppressed: true, ..mail.clone() };
        assert_eq!(triage(&insisted, None, Some(&suppression), None, NOW), Triage::Send);
        let until = NOW + SignedDuration::from_mins(5);
        assert_eq!(triage(&mail, None, None, Some(&before), NOW), Triage::Wait { for_mail: OutboxId(4), until });
    }
}
