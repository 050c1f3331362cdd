//! Policies and calendars that cannot be used, each named with what to do.

use super::{Lead, Policy};
use crate::settings::{CalendarName, FieldProblem, Settings};
use std::collections::HashSet;

/// Minutes of a year.
const LONGEST_TARGET: u32 = 525_600;
const MOST_WARNINGS: usize = 10;

pub(crate) fn validate(settings: &Settings, found: &mut Vec<FieldProblem>) {
    let mut names = HashSet::new();
    for calendar in &settings.sla.calendar {
        let at = |field: &str| format!("sla.calendar \"{}\": {field}", calendar.name);
        if !names.insert(&calendar.name) {
            found.push(FieldProblem::new(at("name"), "is given twice", "names are unique"));
        }
        if let Err(problem) = calendar.compile() {
            let remedy = "give hours such as [\"mon-fri 09:00-17:00\"] that the holidays leave open";
            found.push(FieldProblem::new(at("hours"), problem.to_string(), remedy));
        }
    }
    let mut names = HashSet::new();
    let mut takes_all: Option<&Policy> = None;
    for policy in &settings.sla.policy {
        let at = |field: &str| format!("sla.policy \"{}\": {field}", policy.name);
        if !names.insert(&policy.name) {
            found.push(FieldProblem::new(at("name"), "is given twice", "names are unique"));
        }
        if let Some(before) = takes_all {
            let problem = format!("no ticket ever comes to it: \"{}\" before it takes every one", before.name);
            found.push(FieldProblem::new(at("when"), problem, "put the policy without conditions last"));
        }
        if policy.when.takes_every_ticket() {
            takes_all.get_or_insert(policy);
        }
        conditions(policy, settings, &at, found);
        for (field, named) in [("calendar", &policy.calendar), ("tell_hours", &policy.tell_hours)] {
            let known = |name: &CalendarName| settings.sla.calendar.iter().any(|calendar| calendar.name == *name);
            if let Some(name) = named.as_ref().filter(|name| !known(name)) {
                let problem = format!("no calendar is named \"{name}\"");
                found.push(FieldProblem::new(at(field), problem, "add it as [[sla.calendar]] or name another"));
            }
        }
        targets(policy, &at, found);
    }
}

fn conditions(policy: &Policy, settings: &Settings, at: &impl Fn(&str) -> String, found: &mut Vec<FieldProblem>) {
    for name in policy.when.mailbox.iter().filter(|name| settings.mailbox(name).is_none()) {
        let problem = format!("no mailbox is named \"{name}\"");
        found.push(FieldProblem::new(at("when.mailbox"), problem, "add it or name another"));
    }
    for (field, list) in [("when.customer", &policy.when.customer), ("when.tag", &policy.when.tag)] {
        if list.iter().any(|text| text.trim().is_empty()) {
            found.push(FieldProblem::new(at(field), "holds an empty text", "take it out"));
        }
    }
}

fn targets(policy: &Policy, at: &impl Fn(&str) -> String, found: &mut Vec<FieldProblem>) {
    let given = [
        ("first_response", policy.first_response),
        ("next_response", policy.next_response),
        ("resolution", policy.resolution),
    ];
    for (field, _) in
        given.iter().filter(|(_, minutes)| minutes.is_some_and(|minutes| !(1..=LONGEST_TARGET).contains(&minutes)))
    {
        found.push(FieldProblem::new(at(field), "is out of range", "use 1 to 525600 minutes of working time"));
    }
    let Some(shortest) = given.iter().filter_map(|(_, minutes)| *minutes).min() else {
        let remedy = "give first_response, next_response or resolution in minutes of working time";
        found.push(FieldProblem::new(at("first_response"), "no target is given", remedy));
        return;
    };
    let distinct: HashSet<&Lead> = policy.warn.iter().collect();
    if policy.warn.len() > MOST_WARNINGS || distinct.len() < policy.warn.len() {
        found.push(FieldProblem::new(at("warn"), "is too long or names one twice", "give up to 10 different ones"));
    }
    for lead in policy.warn.iter().filter(|lead| shortest > 0 && lead.after(shortest).is_none()) {
        let problem = format!("{lead} is not before the end of the shortest target, {shortest} minutes");
        found.push(FieldProblem::new(at("warn"), problem, "use a share such as 80%, or fewer minutes"));
    }
}
