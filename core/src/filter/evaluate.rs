//! Runs the rules over one mail.

use super::compile::{CompiledCondition, CompiledFilter, CompiledFilters, FACTS, Test};
use super::rule::{Field, FilterName, Matching};
use crate::mail::InboundMail;
use crate::settings::MailboxName;
use crate::ticket::Priority;
use crate::verdict::{Facts, Finding};
use std::borrow::Cow;

/// Characters of a body that rules look at.
const BODY_LOOKED_AT: usize = 256 << 10;

/// What rules look at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub mail: &'a InboundMail,
    pub facts: &'a Facts,
    pub mailbox: &'a MailboxName,
    /// Bytes of the raw mail.
    pub size: u64,
    /// It carries a genuine reply token of a ticket: it will be added to it unless a rule says otherwise.
    pub reply: bool,
}

/// What the rules came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// Rules that matched, in their order.
    pub matched: Vec<FilterName>,
    /// A rule that lets no ticket come of the mail.
    pub ending: Option<Ending>,
    pub priority: Option<Priority>,
    pub tags: Vec<String>,
    pub assign: Option<String>,
    pub no_acknowledgement: bool,
    /// One line for each rule that was looked at.
    pub trace: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    Drop(FilterName),
    Quarantine(FilterName),
}

impl CompiledFilters {
    /// Runs the rules in their order until one ends the run.
    pub fn judge(&self, subject: &Subject<'_>) -> Judgement {
        self.run(subject, true)
    }

    /// As [`judge`](Self::judge) for a mail that a person lets through: no rule drops it or puts it into quarantine.
    pub fn judge_released(&self, subject: &Subject<'_>) -> Judgement {
        self.run(subject, false)
    }

    fn run(&self, subject: &Subject<'_>, may_hold_back: bool) -> Judgement {
        let mut judgement = Judgement::default();
        for filter in &self.filters {
            let reason = filter.matches(subject);
            let outcome = if reason.is_ok() { "matches" } else { "does not match" };
            let why = match reason {
                Ok(why) | Err(why) => why,
            };
            judgement.trace.push(format!("{} {outcome}: {why}", filter.name));
            if outcome != "matches" {
                continue;
            }
            judgement.take(filter);
            if !may_hold_back {
                judgement.ending = None;
            }
            if filter.then.stop || judgement.ending.is_some() {
                break;
            }
        }
        judgement
    }
}

impl Judgement {
    /// Later rules win over earlier ones where they set the same thing; tags add up.
    fn take(&mut self, filter: &CompiledFilter) {
        let then = &filter.then;
        self.matched.push(filter.name.clone());
        if then.drop {
            self.ending = Some(Ending::Drop(filter.name.clone()));
        } else if then.quarantine {
            self.ending = Some(Ending::Quarantine(filter.name.clone()));
        }
        self.priority = then.priority.or(self.priority);
        self.assign = then.assign.clone().or(self.assign.take());
        self.no_acknowledgement |= then.no_acknowledgement;
        for tag in &then.tags {
            if !self.tags.contains(tag) {
                self.tags.push(tag.clone());
            }
        }
    }
}

impl CompiledFilter {
    /// Why it matches, or why not.
    fn matches(&self, subject: &Subject<'_>) -> Result<String, String> {
        let held = |condition: &&CompiledCondition| condition.holds(subject);
        match self.matching {
            _ if self.conditions.is_empty() => Ok("it has no condition".into()),
            Matching::All => match self.conditions.iter().find(|condition| !held(condition)) {
                None => Ok(self.conditions.iter().map(|c| c.words.as_str()).collect::<Vec<_>>().join(" and ")),
                Some(failed) => Err(format!("not so: {}", failed.words)),
            },
            Matching::Any => match self.conditions.iter().find(held) {
                Some(found) => Ok(found.words.clone()),
                None => Err("none of its conditions holds".into()),
            },
        }
    }
}

impl CompiledCondition {
    fn holds(&self, subject: &Subject<'_>) -> bool {
        let found = match &self.test {
            Test::Above(bytes) => subject.size > *bytes,
            Test::Below(bytes) => subject.size < *bytes,
            Test::Fact(fact) => has_fact(subject, FACTS.get(*fact).copied().unwrap_or_default()),
            Test::Matches(pattern) => self.values(subject).iter().any(|value| pattern.is_match(value)),
        };
        found != self.not
    }

    fn values<'a>(&self, subject: &Subject<'a>) -> Vec<Cow<'a, str>> {
        let mail = subject.mail;
        let from = || mail.from.iter().map(|from| from.address.as_str());
        match self.field {
            Field::Subject => vec![Cow::Borrowed(&*mail.subject)],
            Field::From => from().map(Cow::Borrowed).collect(),
            Field::FromDomain => {
                from().filter_map(|address| address.rsplit_once('@')).map(|(_, domain)| Cow::Borrowed(domain)).collect()
            }
            Field::To => mail.to.iter().chain(&mail.cc).map(|to| Cow::Borrowed(&*to.address)).collect(),
            Field::Header => {
                let named = mail.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(&self.header));
                named.map(|header| Cow::Borrowed(&*header.value)).collect()
            }
            Field::Body => vec![body(&mail.text)],
            Field::AttachmentName => mail.attachments.iter().map(|a| Cow::Borrowed(&*a.name)).collect(),
            Field::AttachmentType => mail.attachments.iter().map(|a| Cow::Borrowed(&*a.content_type)).collect(),
            Field::Mailbox => vec![Cow::Borrowed(subject.mailbox.as_str())],
            Field::Size | Field::Fact => Vec::new(),
        }
    }
}

fn body(text: &str) -> Cow<'_, str> {
    let mut end = BODY_LOOKED_AT.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Cow::Borrowed(text.split_at(end).0)
}

fn has_fact(subject: &Subject<'_>, name: &str) -> bool {
    let facts = subject.facts;
    let found = &facts.authentication;
    match name {
        "spf_pass" => found.spf == Some(Finding::Pass),
        "spf_fail" => found.spf == Some(Finding::Fail),
        "dkim_pass" => found.dkim() == Some(Finding::Pass),
        "dkim_fail" => found.dkim() == Some(Finding::Fail),
        "dmarc_pass" => found.dmarc() == Some(Finding::Pass),
        "dmarc_fail" => found.dmarc() == Some(Finding::Fail),
        "reply" => subject.reply,
        "automatic" => facts.automatic.is_some(),
        "bounce" => facts.bounce.is_some(),
        "vacation" => facts.vacation,
        "list" => facts.list,
        "no_answer" => facts.suppress_answer.is_some(),
        _ => false,
    }
}
