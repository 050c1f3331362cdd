//! Searching the verdict log: what is looked for, and how far one call came.

use super::MailRow;
use crate::route::JudgedMail;
use crate::settings::{FilterName, MailboxName};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far the clock may have been set back between two mails.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_hours(24);

/// Conditions that must all hold; the default holds for every mail. Texts are compared without regard to case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailQuery {
    pub quarantined_only: bool,
    /// Part of the sender's address.
    pub from: Option<String>,
    /// Words that all stand in the subject.
    pub subject: Vec<String>,
    /// The whole Message-ID, with or without its angle brackets.
    pub message_id: Option<String>,
    pub mailbox: Option<MailboxName>,
    /// As [`Outcome::word`](crate::route::Outcome::word) says.
    pub outcome: Option<String>,
    /// A filter that matched.
    pub filter: Option<FilterName>,
    /// Judged then or later.
    pub since: Option<Timestamp>,
    /// Judged then or before.
    pub until: Option<Timestamp>,
}

/// Mails that match, newest first, and how far the search came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundMails {
    pub rows: Vec<MailRow>,
    /// Where to go on; absent at the end. There can be no rows and yet a cursor.
    pub next: Option<u64>,
    /// Mails that were looked at.
    pub looked_at: u32,
    /// When the last of them was judged.
    pub back_to: Option<Timestamp>,
}

/// What one action for many mails of the quarantine came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailBulk {
    /// Mails that matched.
    pub matched: u64,
    /// Mails that were decided about; of a dry run, that would be.
    pub changed: u64,
    /// What became of how many of them, as [`Outcome::word`](crate::route::Outcome::word) says.
    pub outcomes: BTreeMap<String, u64>,
    /// The first of those that could not be, with the reason.
    pub refused: Vec<String>,
}

impl MailQuery {
    /// Whether only mails of the quarantine can match.
    pub fn wants_quarantined(&self) -> bool {
        self.quarantined_only || self.outcome.as_deref() == Some("quarantined")
    }

    /// Whether every mail matches.
    pub fn is_open(&self) -> bool {
        *self == Self { quarantined_only: self.quarantined_only, ..Self::default() }
    }

    pub fn matches(&self, mail: &JudgedMail) -> bool {
        let bare = |id: &str| id.trim().trim_matches(['<', '>']).to_owned();
        let id = || mail.message_id.as_deref().map(bare);
        let holds = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        self.since.is_none_or(|since| mail.at >= since)
            && self.until.is_none_or(|until| mail.at <= until)
            && self.mailbox.as_ref().is_none_or(|name| mail.mailbox == *name)
            && self.outcome.as_deref().is_none_or(|word| mail.outcome.word() == word)
            && self.from.as_deref().is_none_or(|part| holds(&mail.from, part))
            && self.subject.iter().all(|word| holds(&mail.subject, word))
            && self.message_id.as_deref().is_none_or(|wanted| id() == Some(bare(wanted)))
            && self.filter.as_ref().is_none_or(|name| mail.effect.rules.contains(name))
    }

    /// Whether mails older than this one cannot match any more.
    pub fn ends_before(&self, mail: &JudgedMail) -> bool {
        self.since.and_then(|since| since.checked_sub(CLOCK_SLACK).ok()).is_some_and(|since| mail.at < since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{MailId, Uid, UidValidity};
    use crate::route::{Effect, Outcome};

    const NOON: Timestamp = Timestamp::UNIX_EPOCH;

    fn mail() -> JudgedMail {
        JudgedMail {
            from: "Ann@acme.example".into(),
            subject: "Der Drucker brennt ÜBEL".into(),
            message_id: Some("1@x".into()),
            size: 1,
            effect: Effect { rules: vec![FilterName::parse("noise").unwrap()], ..Effect::default() },
            ..JudgedMail::begun(
                MailId(1),
                MailboxName::parse("support").unwrap(),
                (UidValidity(1), Uid(1)),
                Outcome::Dropped { rule: "filter noise".into() },
                NOON,
            )
        }
    }

    #[test]
    fn each_condition_both_ways() {
        let all = MailQuery::default;
        let second = SignedDuration::from_secs(1);
        let text = |text: &str| Some(text.to_owned());
        for (query, want) in [
            (all(), true),
            (MailQuery { from: text("ann@ACME"), ..all() }, true),
            (MailQuery { from: text("bob@"), ..all() }, false),
            (MailQuery { subject: vec!["übel".into(), "drucker".into()], ..all() }, true),
            (MailQuery { subject: vec!["drucker".into(), "papier".into()], ..all() }, false),
            (MailQuery { message_id: text(" <1@x> "), ..all() }, true),
            (MailQuery { message_id: text("1@"), ..all() }, false),
            (MailQuery { mailbox: MailboxName::parse("support").ok(), ..all() }, true),
            (MailQuery { mailbox: MailboxName::parse("sales").ok(), ..all() }, false),
            (MailQuery { outcome: text("dropped"), ..all() }, true),
            (MailQuery { outcome: text("comment"), ..all() }, false),
            (MailQuery { filter: FilterName::parse("noise").ok(), ..all() }, true),
            (MailQuery { filter: FilterName::parse("other").ok(), ..all() }, false),
            (MailQuery { since: Some(NOON), until: Some(NOON), ..all() }, true),
            (MailQuery { since: Some(NOON + second), ..all() }, false),
            (MailQuery { until: Some(NOON - second), ..all() }, false),
        ] {
            assert_eq!(query.matches(&mail()), want, "{query:?}");
        }
    }

    #[test]
    fn a_search_ends_a_day_before_its_span() {
        let since = |hours| MailQuery { since: Some(NOON + SignedDuration::from_hours(hours)), ..MailQuery::default() };
        assert_eq!([since(23), since(25)].map(|query| query.ends_before(&mail())), [false, true]);
        assert!(!MailQuery::default().ends_before(&mail()));
    }
}
