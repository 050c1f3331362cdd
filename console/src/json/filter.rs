//! Filters for scripts.

use super::mail::Mail;
use jiff::Timestamp;
use maildesk_core::filter::{Filter, words};
use maildesk_core::ids::MailId;
use maildesk_core::route::{Aspect, Difference};
use maildesk_core::rpc::{ChangedMail, DryRunPart, FilterRow};
use maildesk_core::settings::FilterName;
use serde::Serialize;
use std::collections::BTreeMap;

/// A rule with its count.
#[derive(Debug, Serialize)]
pub struct Rule {
    #[serde(flatten)]
    pub filter: Filter,
    pub when_words: String,
    pub then_words: String,
    pub hits: u64,
    pub last_hit: Option<Timestamp>,
    pub last_mail: Option<MailId>,
}

impl From<FilterRow> for Rule {
    fn from(row: FilterRow) -> Self {
        let FilterRow { filter, hits } = row;
        let (when_words, then_words) = (words::when(&filter), words::then(&filter.then));
        Self { filter, when_words, then_words, hits: hits.count, last_hit: hits.last, last_mail: hits.mail }
    }
}

/// A dry run.
#[derive(Debug, Serialize)]
pub struct DryRunJson {
    pub looked_at: u32,
    /// Mails whose bytes are not kept.
    pub without_bytes: Vec<MailId>,
    /// Mails that differ, by what differs.
    pub counts: BTreeMap<&'static str, usize>,
    pub changed: Vec<ChangedMailJson>,
}

impl DryRunJson {
    pub fn counts(part: &DryRunPart) -> BTreeMap<&'static str, usize> {
        let count = |aspect: Aspect| {
            let differs = |mail: &&ChangedMail| mail.differences.iter().any(|one| one.aspect == aspect);
            part.changed.iter().filter(differs).count()
        };
        Aspect::ALL.map(|aspect| (aspect.word(), count(aspect))).into_iter().filter(|(_, count)| *count > 0).collect()
    }
}

/// A mail that would be judged otherwise.
#[derive(Debug, Serialize)]
pub struct ChangedMailJson {
    pub mail: Mail,
    pub differences: Vec<Difference>,
    pub rules_new: Vec<FilterName>,
    pub rules_gone: Vec<FilterName>,
    pub rules_same: Vec<FilterName>,
}

impl From<ChangedMail> for ChangedMailJson {
    fn from(changed: ChangedMail) -> Self {
        let ChangedMail { mail, differences, rules_new, rules_gone, rules_same } = changed;
        Self { mail: mail.into(), differences, rules_new, rules_gone, rules_same }
    }
}
