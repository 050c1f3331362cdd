//! Why a mail became what it is: one line for each stage, with what it took.

use crate::clock::Clock;
use crate::output::time::both;
use crate::output::{Page, Span, Style, size};
use maildesk_core::route::{Effect, JudgedMail};

/// Every stage from the fetch to the result.
pub(crate) fn add_stages(page: &mut Page, judged: &JudgedMail, clock: &Clock) {
    add(page, judged, vec![("fetch", judged.timing.fetch, fetched(judged, clock))]);
}

/// Every stage behind the fetch, of a mail that was not fetched.
pub(super) fn add_judging(page: &mut Page, judged: &JudgedMail) {
    add(page, judged, Vec::new());
}

fn add<'a>(page: &mut Page, judged: &'a JudgedMail, mut stages: Vec<(&'a str, Option<u64>, String)>) {
    let mut planned = false;
    for step in &judged.trace {
        // Filters, look-ups and routing are measured together: the time stands with the routing.
        let took = match step.step.as_str() {
            "parse" => judged.timing.parse,
            "facts" => judged.timing.facts,
            "route" if !planned => {
                planned = true;
                judged.timing.plan
            }
            _ => None,
        };
        stages.push((step.step.as_str(), took, step.said.clone()));
    }
    stages.push(("result", None, judged.outcome.sentence()));
    let width = stages.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
    for (name, took, said) in stages {
        let took = took.map(milliseconds).unwrap_or_default();
        let style = match name {
            "filter" if said.contains(" does not match: ") => Style::Dim,
            "result" => Style::Strong,
            _ => Style::Plain,
        };
        page.line([Span::exact(Style::Dim, &format!("{name:width$} {took:>9} ")), Span::new(style, said)]);
    }
}

/// What filters set, in words; nothing where none matched.
pub(crate) fn effect(effect: &Effect) -> Option<String> {
    let mut said: Vec<String> = Vec::new();
    said.extend(effect.priority.map(|priority| format!("priority {}", priority.word())));
    if !effect.tags.is_empty() {
        said.push(format!("tags {}", effect.tags.join(" ")));
    }
    said.extend(effect.assignee.as_ref().map(|agent| format!("assigned to {agent}")));
    let rules: Vec<&str> = effect.rules.iter().map(|name| name.as_str()).collect();
    let by = format!("by {}", rules.join(", "));
    match (rules.is_empty(), said.is_empty()) {
        (true, _) => None,
        (false, true) => Some(by),
        (false, false) => Some(format!("{}; {by}", said.join(", "))),
    }
}

fn fetched(judged: &JudgedMail, clock: &Clock) -> String {
    let received = judged.received.map(|at| format!(", taken in by its server {}", both(at, clock)));
    let (mailbox, uid, validity) = (&judged.mailbox, judged.uid, judged.uid_validity);
    let bytes = size::bytes(judged.size);
    format!("{bytes} from mailbox {mailbox}, UID {uid} of {validity}{}", received.unwrap_or_default())
}

fn milliseconds(microseconds: u64) -> String {
    format!("{}.{:02} ms", microseconds / 1000, microseconds % 1000 / 10)
}
