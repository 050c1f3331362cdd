//! The last line against loops: how many automatic mails one address and one ticket may get.
//!
//! A machine that does not say what it is looks like a person who writes again and again. Whatever it is, answering it
//! by machine stops here; its mails are still taken in.

use crate::ids::TicketNumber;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Automatic mails of one subject to one address are counted over this time.
const SAME_SUBJECT_SPAN: SignedDuration = SignedDuration::from_mins(180);

/// How many automatic mails on one ticket a span may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoopWindow {
    pub minutes: u32,
    pub mails: u32,
}

impl LoopWindow {
    fn span(self) -> SignedDuration {
        SignedDuration::from_mins(self.minutes.into())
    }
}

/// The limits of an install.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LoopGuard {
    pub windows: Vec<LoopWindow>,
    /// An address may get this many times what a ticket may: it can stand for a whole office.
    pub address_factor: u32,
    /// Automatic mails with one subject to one address within three hours, since people do not write the same thing
    /// over and over; 0 for no limit.
    pub same_subject: u32,
}

impl Default for LoopGuard {
    fn default() -> Self {
        let window = |(minutes, mails)| LoopWindow { minutes, mails };
        let windows = [(10, 10), (30, 15), (60, 25), (180, 50), (600, 100)].map(window);
        Self { windows: windows.into(), address_factor: 3, same_subject: 2 }
    }
}

/// An automatic mail that was queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Automatic {
    pub at: Timestamp,
    /// Of its subject, see [`subject_mark`].
    pub subject: u32,
}

/// What was queued before, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    pub to_address: Vec<Automatic>,
    /// Nothing for a mail without a ticket.
    pub on_ticket: Vec<Automatic>,
}

impl LoopGuard {
    /// Limits that count nothing.
    pub fn off() -> Self {
        Self { windows: Vec::new(), address_factor: 1, same_subject: 0 }
    }

    /// What is wrong with one of the fields, and what to do.
    pub fn problem(&self) -> Option<(&'static str, &'static str, &'static str)> {
        let sound = |window: &LoopWindow| (1..=10_080).contains(&window.minutes) && (1..=1000).contains(&window.mails);
        if self.windows.len() > 16 || !self.windows.iter().all(sound) {
            return Some((
                "windows",
                "is out of range",
                "use up to 16 windows of 1 to 10080 minutes and 1 to 1000 mails",
            ));
        }
        if !(1..=100).contains(&self.address_factor) {
            return Some(("address_factor", "is out of range", "use 1 to 100; 3 is usual"));
        }
        (self.same_subject > 1000).then_some(("same_subject", "is out of range", "use 1 to 1000, or 0 for no limit"))
    }

    /// Why one more automatic mail may not go, in a sentence; nothing where it may.
    pub fn refusal(
        &self,
        history: &History,
        ticket: Option<TicketNumber>,
        subject: u32,
        now: Timestamp,
    ) -> Option<String> {
        let alike = history.to_address.iter().filter(|mail| mail.subject == subject);
        let most = self.same_subject;
        if most > 0 && within(alike, SAME_SUBJECT_SPAN, now) >= most as usize {
            let hours = SAME_SUBJECT_SPAN.as_hours();
            return Some(format!("a loop? {most} automatic mails with this subject went there within {hours} hours"));
        }
        for window in &self.windows {
            let most = window.mails as usize;
            if within(history.on_ticket.iter(), window.span(), now) >= most {
                let ticket = ticket.map(|number| format!("#{number}")).unwrap_or_default();
                return Some(format!("a loop? {most} automatic mails on {ticket} within {} minutes", window.minutes));
            }
            let most = most * self.address_factor as usize;
            if within(history.to_address.iter(), window.span(), now) >= most {
                return Some(format!("a loop? {most} automatic mails went there within {} minutes", window.minutes));
            }
        }
        None
    }

    /// Adds a mail to what was queued before, and forgets what no window can count any more.
    pub fn remember(&self, queued: &mut Vec<Automatic>, mail: Automatic) {
        let longest = self.windows.iter().map(|window| window.span()).fold(SAME_SUBJECT_SPAN, SignedDuration::max);
        queued.retain(|earlier| mail.at.duration_since(earlier.at) < longest);
        queued.push(mail);
        // A refusal needs no more than the fullest window holds.
        let fullest = self.windows.iter().map(|window| window.mails.saturating_mul(self.address_factor)).max();
        let fullest = fullest.unwrap_or_default().max(self.same_subject) as usize;
        queued.drain(..queued.len().saturating_sub(fullest));
    }
}

/// A mark of what a subject says apart from its numbers: ticket numbers and counters differ in each turn of a loop.
pub fn subject_mark(subject: &str) -> u32 {
    // FNV-1a: stable across releases, and nothing depends on it being hard to hit.
    let letters = subject.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase);
    letters.fold(0x811c_9dc5, |hash, letter| (hash ^ u32::from(letter)).wrapping_mul(0x0100_0193))
}

fn within<'a>(mails: impl Iterator<Item = &'a Automatic>, span: SignedDuration, now: Timestamp) -> usize {
    mails.filter(|mail| now.duration_since(mail.at) < span).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    /// Sends as long as it may, once every `pause` seconds, each time with another subject; how many went.
    fn went(guard: &LoopGuard, turns: i64, pause: i64, one_ticket: bool) -> usize {
        let mut history = History::default();
        let mut sent = 0;
        for turn in 0..turns {
            let (now, subject) = (at(turn * pause), turn as u32);
            if guard.refusal(&history, Some(TicketNumber(7)), subject, now).is_none() {
                guard.remember(&mut history.to_address, Automatic { at: now, subject });
                if one_ticket {
                    guard.remember(&mut history.on_ticket, Automatic { at: now, subject });
                }
                sent += 1;
            }
        }
        sent
    }

    #[test]
    fn each_window_stops_its_own_pace() {
        let guard = LoopGuard::default();
        assert_eq!(went(&guard, 100, 1, true), 10, "a burst on one ticket");
        assert_eq!(went(&guard, 100, 1, false), 30, "a burst to one address");
        assert_eq!(went(&guard, 30, 61, true), 15, "half an hour at one a minute");
        assert_eq!(went(&guard, 600, 60, true), 100, "ten hours at one a minute");
        assert_eq!(went(&guard, 20, 3600, true), 20, "one an hour is nobody's loop");
    }

    #[test]
    fn the_same_subject_is_answered_twice_in_three_hours() {
        let guard = LoopGuard::default();
        let subject = subject_mark("[Desk] Re: Disk full (#4711)");
        assert_eq!(subject, subject_mark("[desk] RE: disk full (#4712)"));
        assert_ne!(subject, subject_mark("[Desk] Re: Disk fine (#4711)"));
        let mut history = History::default();
        for minute in [0, 30] {
            assert_eq!(guard.refusal(&history, None, subject, at(minute * 60)), None);
            guard.remember(&mut history.to_address, Automatic { at: at(minute * 60), subject });
        }
        let refusal = guard.refusal(&history, None, subject, at(60 * 60)).unwrap();
        assert_eq!(refusal, "a loop? 2 automatic mails with this subject went there within 3 hours");
        assert_eq!(guard.refusal(&history, None, subject_mark("other"), at(60 * 60)), None);
        assert_eq!(guard.refusal(&history, None, subject, at(181 * 60)), None, "the first is forgotten");
    }

    #[test]
    fn without_windows_only_the_subject_counts() {
        assert_eq!(went(&LoopGuard { windows: Vec::new(), ..LoopGuard::default() }, 500, 1, true), 500);
        assert_eq!(went(&LoopGuard::off(), 500, 0, true), 500);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// What is remembered stays small and never hides a refusal.
        #[test]
        fn memory_is_bounded(pauses in prop::collection::vec(0_i64..400, 0..450)) {
            let guard = LoopGuard::default();
            let (mut remembered, mut all) = (Vec::new(), Vec::new());
            let mut now = 0;
            for (turn, pause) in pauses.into_iter().enumerate() {
                now += pause;
                let mail = Automatic { at: at(now), subject: turn as u32 };
                let refusal = |mails: &[Automatic]| {
                    let history = History { to_address: mails.to_vec(), on_ticket: Vec::new() };
                    guard.refusal(&history, None, u32::MAX, at(now))
                };
                prop_assert_eq!(refusal(&remembered), refusal(&all));
                guard.remember(&mut remembered, mail);
                all.push(mail);
                prop_assert!(remembered.len() <= 300);
            }
        }
    }
}
