//! What came in during the last hour: by the minute, by verdict, and the latest verdicts themselves.

use crate::app::desk::Desk;
use crate::screen::live::Row;
use jiff::Timestamp;
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::route::Outcome;
use maildesk_core::text::counted;
use std::collections::VecDeque;

/// Minutes that are told of.
const MINUTES: usize = 60;
/// Verdicts that are held; a large terminal shows fewer.
const LATEST: usize = 50;
/// Bars from low to high.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Mails of one minute, by what they became.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    tickets: u64,
    answers: u64,
    /// Bounces, mails of strangers to a ticket, accepted invitations.
    notes: u64,
    dropped: u64,
    quarantined: u64,
}

impl Tally {
    fn all(&self) -> u64 {
        self.tickets + self.answers + self.notes + self.dropped + self.quarantined
    }

    fn count(&mut self, outcome: &Outcome) {
        *match outcome {
            Outcome::NewTicket { .. } => &mut self.tickets,
            Outcome::Comment { .. } | Outcome::AgentReply { .. } => &mut self.answers,
            Outcome::UnverifiedNote { .. } | Outcome::BounceNote { .. } | Outcome::InvitationAccepted { .. } => {
                &mut self.notes
            }
            Outcome::Dropped { .. } => &mut self.dropped,
            Outcome::Quarantined { .. } => &mut self.quarantined,
        } += 1;
    }

    fn add(&mut self, other: &Self) {
        self.tickets += other.tickets;
        self.answers += other.answers;
        self.notes += other.notes;
        self.dropped += other.dropped;
        self.quarantined += other.quarantined;
    }

    fn words(&self) -> String {
        let parts = [
            (self.tickets, counted(self.tickets, "new ticket")),
            (self.answers, counted(self.answers, "answer")),
            (self.notes, counted(self.notes, "note")),
            (self.dropped, format!("{} dropped", self.dropped)),
            (self.quarantined, format!("{} in quarantine", self.quarantined)),
        ];
        let told = parts.into_iter().filter(|(count, _)| *count > 0);
        told.map(|(_, words)| words).collect::<Vec<_>>().join(", ")
    }
}

#[derive(Debug, Default)]
pub struct Pulse {
    /// Minutes since the epoch in which mail came, the oldest first.
    minutes: VecDeque<(i64, Tally)>,
    /// The oldest event that was told of, where nothing is missing since.
    since: Option<Timestamp>,
    latest: VecDeque<Row>,
}

impl Pulse {
    /// Takes in what happened. `missed`: events before these are not known.
    pub fn happened(&mut self, events: &[Event], missed: bool) {
        if missed {
            *self = Self::default();
        }
        for event in events {
            self.since = self.since.or(Some(event.at));
            let DomainEvent::MailJudged { outcome, .. } = &event.what else { continue };
            let minute = minute(event.at);
            if self.minutes.back().is_none_or(|(last, _)| *last < minute) {
                self.minutes.push_back((minute, Tally::default()));
            }
            // A clock that was set back counts in the minute that it had reached.
            if let Some((_, tally)) = self.minutes.back_mut() {
                tally.count(outcome);
            }
            self.latest.push_back(Row::Event(event.clone()));
        }
        self.latest.drain(..self.latest.len().saturating_sub(LATEST));
        self.minutes.drain(..self.minutes.len().saturating_sub(MINUTES));
    }

    /// The latest verdicts, the last one first.
    pub fn latest(&self) -> Vec<&Row> {
        self.latest.iter().rev().collect()
    }

    /// One sign for each minute up to now, the tallest bar for the busiest one.
    pub fn bars(&self, now: Timestamp) -> String {
        let now = minute(now);
        let first = now - i64::try_from(MINUTES).unwrap_or(i64::MAX) + 1;
        let count = |wanted: i64| {
            let found = self.minutes.iter().find(|(at, _)| *at == wanted);
            found.map_or(0, |(_, tally)| tally.all())
        };
        let counts: Vec<u64> = (first..=now).map(count).collect();
        let most = counts.iter().copied().max().unwrap_or(0);
        counts.into_iter().map(|count| bar(count, most)).collect()
    }

    /// What came, in words.
    pub fn words(&self, desk: &Desk) -> String {
        let from = minute(desk.now()) - i64::try_from(MINUTES).unwrap_or(i64::MAX);
        let (mut sum, mut most) = (Tally::default(), 0);
        for (_, tally) in self.minutes.iter().filter(|(at, _)| *at > from) {
            sum.add(tally);
            most = most.max(tally.all());
        }
        // Of a busy hour the console knows only the end, and says so.
        let span = match self.since.filter(|since| minute(*since) > from) {
            Some(since) => format!("since {}", desk.exact(since)),
            None => "in the last hour".into(),
        };
        match sum.all() {
            0 => format!("no mail came {span}"),
            _ => format!("{} {span}; {most} in the busiest minute", sum.words()),
        }
    }
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

fn bar(count: u64, most: u64) -> char {
    let steps = BARS.len() as u64;
    match (count * steps).div_ceil(most.max(1)) {
        0 => '·',
        step => usize::try_from(step - 1).ok().and_then(|step| BARS.get(step)).copied().unwrap_or('█'),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::screen::pictures::{ago, connected, noon};
    use maildesk_core::ids::{EventSeq, MailId, TicketNumber};
    use maildesk_core::settings::MailboxName;

    pub(crate) fn judged(number: u64, at: Timestamp, outcome: Outcome) -> Event {
        let mailbox = MailboxName::parse("support").unwrap();
        let (from, subject) = ("a@b.test".into(), "Hi".into());
        let what =
            DomainEvent::MailJudged { mail: MailId(number), mailbox, from, subject, outcome, acknowledgement: None };
        Event { seq: EventSeq(number), at, what }
    }

    fn ticket() -> Outcome {
        Outcome::NewTicket { ticket: TicketNumber(1) }
    }

    #[test]
    fn an_hour_is_told_by_the_minute() {
        let desk = connected().desk;
        let mut pulse = Pulse::default();
        assert_eq!(pulse.words(&desk), "no mail came in the last hour");
        let old = judged(1, ago(90), ticket());
        let events: Vec<Event> = (0..8).map(|number| judged(number + 2, ago(59), ticket())).collect();
        let now = [judged(20, noon(), Outcome::Dropped { rule: "x".into() })];
        pulse.happened(&[old], false);
        pulse.happened(&events, false);
        pulse.happened(&now, false);
        assert_eq!(pulse.bars(noon()), format!("█{}▁", "·".repeat(58)));
        assert_eq!(pulse.words(&desk), "8 new tickets, 1 dropped in the last hour; 8 in the busiest minute");
        assert_eq!(pulse.latest().len(), 10);
    }

    #[test]
    fn what_is_not_known_is_not_counted_as_nothing() {
        let desk = connected().desk;
        let mut pulse = Pulse::default();
        pulse.happened(&[judged(1, ago(20), ticket())], false);
        pulse.happened(&[judged(9, ago(10), ticket())], true);
        assert_eq!(pulse.words(&desk), "1 new ticket since 11:50:00; 1 in the busiest minute");
    }

    #[test]
    fn however_much_comes_little_is_held() {
        let mut pulse = Pulse::default();
        for minute in 0..600 {
            let at = ago(600 - minute);
            let events: Vec<Event> = (0..20).map(|number| judged(number, at, ticket())).collect();
            pulse.happened(&events, false);
        }
        assert_eq!((pulse.minutes.len(), pulse.latest.len()), (MINUTES, LATEST));
    }
}
