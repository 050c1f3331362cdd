//! Rules in words, for lists and traces.

use super::rule::{Condition, Filter, Matching, Then};

/// When a rule matches.
pub fn when(filter: &Filter) -> String {
    if filter.when.is_empty() {
        return "every mail".into();
    }
    let conditions: Vec<String> = filter.when.iter().map(condition).collect();
    conditions.join(match filter.matching {
        Matching::All => " and ",
        Matching::Any => " or ",
    })
}

/// What a rule does.
pub fn then(then: &Then) -> String {
    let Then { drop, quarantine, priority, tags, assign, no_acknowledgement, stop } = then;
    let mut actions: Vec<String> = Vec::new();
    let mut say = |said: bool, words: &str| actions.extend(said.then(|| words.to_owned()));
    say(*drop, "drop");
    say(*quarantine, "quarantine");
    actions.extend(priority.map(|priority| format!("priority {}", priority.word())));
    if !tags.is_empty() {
        actions.push(format!("tag {}", tags.join(" ")));
    }
    actions.extend(assign.as_ref().map(|agent| format!("assign to {agent}")));
    let mut say = |said: bool, words: &str| actions.extend(said.then(|| words.to_owned()));
    say(*no_acknowledgement, "no acknowledgement");
    say(*stop, "stop");
    actions.join(", ")
}

/// `subject not contains "x"`.
pub(super) fn condition(condition: &Condition) -> String {
    let Condition { field, header, contains, equals, wildcard, regex, above, below, not } = condition;
    let name = serde_json::to_value(field).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
    let texts = [("contains", contains), ("equals", equals), ("wildcard", wildcard), ("regex", regex)];
    let texts = texts.into_iter().filter_map(|(how, value)| value.as_ref().map(|value| format!("{how} \"{value}\"")));
    let sizes = [("above", above), ("below", below)];
    let sizes = sizes.into_iter().filter_map(|(how, value)| value.map(|value| format!("{how} {value}")));
    let test: Vec<String> = texts.chain(sizes).collect();
    let header = header.as_deref().map(|header| format!(" {}", header.trim())).unwrap_or_default();
    format!("{name}{header} {}{}", if *not { "not " } else { "" }, test.join(" "))
}
