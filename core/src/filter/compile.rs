//! From rules to something that runs: every problem is found here, none while mail comes in.

use super::rule::{Condition, Field, Filter, FilterName, Matching, Then};
use super::words;
use crate::settings::FieldProblem;
use regex::{Regex, RegexBuilder};
use std::collections::HashSet;

/// Rules at the most.
const MOST_FILTERS: usize = 500;
/// Bytes that one compiled pattern may take; a larger one is refused.
const LARGEST_PATTERN: usize = 1 << 20;
/// Facts that can be asked for.
pub(super) const FACTS: [&str; 12] = [
    "automatic",
    "bounce",
    "vacation",
    "list",
    "no_answer",
    "reply",
    "spf_pass",
    "spf_fail",
    "dkim_pass",
    "dkim_fail",
    "dmarc_pass",
    "dmarc_fail",
];

/// Rules ready to run.
#[derive(Debug, Default)]
pub struct CompiledFilters {
    pub(super) filters: Vec<CompiledFilter>,
}

#[derive(Debug)]
pub(super) struct CompiledFilter {
    pub(super) name: FilterName,
    pub(super) matching: Matching,
    pub(super) conditions: Vec<CompiledCondition>,
    pub(super) then: Then,
}

#[derive(Debug)]
pub(super) struct CompiledCondition {
    pub(super) field: Field,
    pub(super) header: String,
    pub(super) test: Test,
    pub(super) not: bool,
    /// In words, for traces.
    pub(super) words: String,
}

#[derive(Debug)]
pub(super) enum Test {
    Matches(Regex),
    Above(u64),
    Below(u64),
    Fact(usize),
}

/// Compiles the rules that are enabled; those that are not are checked all the same.
pub fn compile(filters: &[Filter]) -> Result<CompiledFilters, Vec<FieldProblem>> {
    let (mut compiled, mut problems) = (Vec::new(), Vec::new());
    let mut names = HashSet::new();
    if filters.len() > MOST_FILTERS {
        problems.push(FieldProblem::new("filter", format!("there are more than {MOST_FILTERS}"), "join some"));
    }
    for filter in filters.iter().take(MOST_FILTERS) {
        let at = |field: &str| format!("filter \"{}\": {field}", filter.name);
        if !names.insert(&filter.name) {
            problems.push(FieldProblem::new(at("name"), "is given twice", "names are unique"));
        }
        if filter.then == Then::default() {
            problems.push(FieldProblem::new(
                at("then"),
                "does nothing",
                "give at least one action, such as drop = true",
            ));
        }
        if filter.then.drop && filter.then.quarantine {
            problems.push(FieldProblem::new(at("then"), "drops and quarantines", "choose one"));
        }
        if filter.then.tags.iter().any(|tag| !is_tag(tag)) {
            problems.push(FieldProblem::new(
                at("then.tags"),
                "holds what is not a tag",
                "1 to 40 letters, digits, - and _",
            ));
        }
        let mut conditions = Vec::new();
        for (position, condition) in filter.when.iter().enumerate() {
            match compile_condition(condition) {
                Ok(one) => conditions.push(one),
                Err((problem, remedy)) => {
                    problems.push(FieldProblem::new(at(&format!("when no. {}", position + 1)), problem, remedy));
                }
            }
        }
        if filter.enabled {
            let (name, matching, then) = (filter.name.clone(), filter.matching, filter.then.clone());
            compiled.push(CompiledFilter { name, matching, conditions, then });
        }
    }
    if problems.is_empty() { Ok(CompiledFilters { filters: compiled }) } else { Err(problems) }
}

fn is_tag(tag: &str) -> bool {
    (1..=40).contains(&tag.chars().count()) && tag.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

fn compile_condition(condition: &Condition) -> Result<CompiledCondition, (String, &'static str)> {
    let Condition { field, header, contains, equals, wildcard, regex, above, below, not } = condition;
    let texts = [("contains", contains), ("equals", equals), ("wildcard", wildcard), ("regex", regex)];
    let sizes = [("above", above), ("below", below)];
    let text = texts.iter().filter_map(|(how, value)| value.as_ref().map(|value| (*how, value)));
    let size = sizes.iter().filter_map(|(how, value)| value.map(|value| (*how, value)));
    let (mut text, mut size) = (text, size);
    let (text, size, more) = (text.next(), size.next(), text.next().is_some() || size.next().is_some());
    let one_test = "give exactly one of contains, equals, wildcard, regex, above, below";
    if more || (text.is_some() && size.is_some()) {
        return Err(("has more than one test".into(), one_test));
    }
    let test = match (field, text, size) {
        (Field::Size, _, Some(("above", bytes))) => Test::Above(bytes),
        (Field::Size, _, Some((_, bytes))) => Test::Below(bytes),
        (Field::Size, ..) => return Err(("compares a size with a text".into(), "use above or below, in bytes")),
        (_, _, Some(_)) => {
            return Err(("compares a text with a size".into(), "above and below are for the field size"));
        }
        (Field::Fact, Some((_, name)), _) => {
            let known = FACTS.iter().position(|fact| fact.eq_ignore_ascii_case(name));
            let remedy = "facts are automatic, bounce, vacation, list, no_answer, reply, and spf, dkim or dmarc with \
                          _pass or _fail";
            let unknown = || (format!("\"{name}\" is no fact"), remedy);
            Test::Fact(known.ok_or_else(unknown)?)
        }
        (_, Some((how, value)), _) => Test::Matches(pattern(how, value)?),
        (_, None, None) => return Err(("has no test".into(), one_test)),
    };
    let header = match (field, header) {
        (Field::Header, Some(name)) if !name.trim().is_empty() => name.trim().to_owned(),
        (Field::Header, _) => return Err(("names no header".into(), "add header = \"X-Name\"")),
        (_, Some(_)) => return Err(("names a header without need".into(), "header goes with field = \"header\"")),
        _ => String::new(),
    };
    let words = words::condition(condition);
    Ok(CompiledCondition { field: *field, header, test, not: *not, words })
}

/// A text test as it runs.
pub(super) fn pattern(how: &str, value: &str) -> Result<Regex, (String, &'static str)> {
    if value.is_empty() {
        return Err((format!("{how} is empty"), "an empty test holds for everything; leave it out"));
    }
    let source = match how {
        "contains" => regex::escape(value),
        "equals" => format!("^{}$", regex::escape(value)),
        "wildcard" => {
            let any = regex::escape(value).replace("\\*", ".*").replace("\\?", ".");
            format!("^{any}$")
        }
        _ => value.to_owned(),
    };
    // A dot also stands for a line end where people mean "anything"; in their own regex it is as they wrote it.
    let dot_is_all = how == "wildcard";
    let built = RegexBuilder::new(&source)
        .case_insensitive(true)
        .dot_matches_new_line(dot_is_all)
        .size_limit(LARGEST_PATTERN)
        .build();
    built.map_err(|error| {
        let words = crate::text::shorten(&crate::text::clean_line(&error.to_string()), 200);
        (format!("regex does not compile: {words}"), "look-around and back references are not offered: they can hang")
    })
}
