//! Two verdicts of one mail: what differs between the recorded one and that of other rules.

use super::outcome::{JudgedMail, Outcome};
use crate::settings::FilterName;
use serde::{Deserialize, Serialize};

/// What can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    Outcome,
    Priority,
    Tags,
    Assignee,
    Acknowledgement,
}

impl Aspect {
    pub const ALL: [Self; 5] = [Self::Outcome, Self::Priority, Self::Tags, Self::Assignee, Self::Acknowledgement];

    pub fn word(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Priority => "priority",
            Self::Tags => "tags",
            Self::Assignee => "assignee",
            Self::Acknowledgement => "acknowledgement",
        }
    }
}

/// One difference, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub aspect: Aspect,
    pub old: String,
    pub new: String,
    /// The rules are why. Else it comes of what has changed since: contacts, tickets, settings of the mailbox.
    pub by_rules: bool,
}

/// What differs. `saved` is the verdict of now under the rules that are in force, where others are tried: what it
/// shares with `new` is not due to the rules.
pub fn differences(old: &JudgedMail, new: &JudgedMail, saved: Option<&JudgedMail>) -> Vec<Difference> {
    let mut found = Vec::new();
    for aspect in Aspect::ALL {
        let (Some(was), Some(is)) = (value(old, aspect), value(new, aspect)) else { continue };
        if was != is {
            let by_rules = match saved {
                Some(saved) => value(saved, aspect).as_ref() != Some(&is),
                None => old.effect.rules != new.effect.rules,
            };
            found.push(Difference { aspect, old: was, new: is, by_rules });
        }
    }
    // What a ticket begins with means nothing where there is none on one side.
    if found.first().is_some_and(|first| first.aspect == Aspect::Outcome) {
        found.truncate(1);
    }
    found
}

/// Rules that match in one verdict and not in the other.
pub fn rules_apart(in_this: &JudgedMail, not_in_that: &JudgedMail) -> Vec<FilterName> {
    let others = &not_in_that.effect.rules;
    in_this.effect.rules.iter().filter(|rule| !others.contains(rule)).cloned().collect()
}

fn value(mail: &JudgedMail, aspect: Aspect) -> Option<String> {
    let is_new = matches!(mail.outcome, Outcome::NewTicket { .. });
    let effect = &mail.effect;
    match aspect {
        // A ticket's number is given when it is written: a trial has another one.
        Aspect::Outcome if is_new => Some("new ticket".into()),
        Aspect::Outcome => Some(mail.outcome.sentence()),
        _ if !is_new => None,
        Aspect::Priority => Some(effect.priority.unwrap_or_default().word().into()),
        Aspect::Tags if effect.tags.is_empty() => Some("none".into()),
        Aspect::Tags => Some(effect.tags.join(" ")),
        Aspect::Assignee => Some(effect.assignee.clone().unwrap_or_else(|| "nobody".into())),
        Aspect::Acknowledgement => Some(if effect.acknowledge { "planned" } else { "none" }.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{MailId, TicketNumber, Uid, UidValidity};
    use crate::route::Effect;
    use crate::settings::MailboxName;
    use crate::ticket::Priority;

    fn judged(outcome: Outcome, effect: Effect) -> JudgedMail {
        JudgedMail {
            size: 1,
            effect,
            ..JudgedMail::begun(
                MailId(1),
                MailboxName::parse("support").unwrap(),
                (UidValidity(1), Uid(1)),
                outcome,
                jiff::Timestamp::UNIX_EPOCH,
            )
        }
    }

    fn ticket(number: u64) -> Outcome {
        Outcome::NewTicket { ticket: TicketNumber(number) }
    }

    fn by(rule: &str) -> Effect {
        Effect { rules: vec![FilterName::parse(rule).unwrap()], acknowledge: true, ..Effect::default() }
    }

    fn words(found: &[Difference]) -> Vec<String> {
        let one = |d: &Difference| format!("{} {}>{} {}", d.aspect.word(), d.old, d.new, d.by_rules);
        found.iter().map(one).collect()
    }

    #[test]
    fn a_new_ticket_is_the_same_under_another_number() {
        assert_eq!(differences(&judged(ticket(1), by("a")), &judged(ticket(9), by("a")), None), []);
    }

    #[test]
    fn another_outcome_stands_alone_and_other_beginnings_are_listed() {
        let old = judged(ticket(1), by("a"));
        let dropped = judged(Outcome::Dropped { rule: "filter b".into() }, by("b"));
        assert_eq!(words(&differences(&old, &dropped, None)), ["outcome new ticket>dropped, filter b true"]);
        let effect = Effect {
            priority: Some(Priority::High),
            tags: vec!["x".into()],
            assignee: Some("ann".into()),
            acknowledge: false,
            ..by("b")
        };
        let found = words(&differences(&old, &judged(ticket(9), effect), None));
        let want = [
            "priority normal>high true",
            "tags none>x true",
            "assignee nobody>ann true",
            "acknowledgement planned>none true",
        ];
        assert_eq!(found, want);
        assert_eq!(rules_apart(&dropped, &old), [FilterName::parse("b").unwrap()]);
    }

    #[test]
    fn what_the_saved_rules_would_say_now_too_is_not_due_to_the_rules() {
        let old = judged(ticket(1), by("a"));
        let now = judged(ticket(9), Effect { acknowledge: false, ..by("a") });
        assert_eq!(words(&differences(&old, &now, Some(&now))), ["acknowledgement planned>none false"]);
        assert_eq!(words(&differences(&old, &now, Some(&old))), ["acknowledgement planned>none true"]);
        assert_eq!(words(&differences(&old, &now, None)), ["acknowledgement planned>none false"]);
    }
}
