//! Rules that can never act because an earlier one always ends the run before them.

use super::compile::pattern;
use super::rule::{Condition, Field, Filter, FilterName, Matching};
use serde::{Deserialize, Serialize};

/// A rule that can never act, and the earlier one that is why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shadowed {
    pub filter: FilterName,
    pub by: FilterName,
}

/// Finds them by what their conditions say of each other: what it names is certain, but it does not find all.
pub fn shadowed(filters: &[Filter]) -> Vec<Shadowed> {
    let enabled: Vec<&Filter> = filters.iter().filter(|filter| filter.enabled).collect();
    let mut found = Vec::new();
    for (position, later) in enabled.iter().enumerate() {
        let earlier = enabled.iter().take(position).find(|earlier| earlier.then.ends() && covers(earlier, later));
        if let Some(earlier) = earlier {
            found.push(Shadowed { filter: later.name.clone(), by: earlier.name.clone() });
        }
    }
    found
}

/// Whether `wide` holds for every mail for which `narrow` holds.
fn covers(wide: &Filter, narrow: &Filter) -> bool {
    // Of each pair in question: the narrow condition holds only where the wide one does.
    let one_of_narrow = |wanted: &Condition| narrow.when.iter().any(|given| implies(given, wanted));
    let one_of_wide = |given: &Condition| wide.when.iter().any(|wanted| implies(given, wanted));
    match (wide.matching, narrow.matching) {
        _ if wide.when.is_empty() => true,
        _ if narrow.when.is_empty() => false,
        (Matching::All, Matching::All) => wide.when.iter().all(one_of_narrow),
        (Matching::Any, Matching::All) => narrow.when.iter().any(one_of_wide),
        (Matching::Any, Matching::Any) => narrow.when.iter().all(one_of_wide),
        (Matching::All, Matching::Any) => {
            wide.when.iter().all(|wanted| narrow.when.iter().all(|given| implies(given, wanted)))
        }
    }
}

/// Whether `wanted` holds wherever `given` does.
fn implies(given: &Condition, wanted: &Condition) -> bool {
    if given == wanted {
        return true;
    }
    let header = |condition: &Condition| condition.header.as_deref().map(str::to_ascii_lowercase);
    if given.field != wanted.field || header(given) != header(wanted) || given.not || wanted.not {
        return false;
    }
    match (given.above, given.below, wanted.above, wanted.below) {
        (Some(given), None, Some(wanted), None) => return given >= wanted,
        (None, Some(given), None, Some(wanted)) => return given <= wanted,
        _ => {}
    }
    // A fact is there or not, and what a regex means is not looked into.
    if given.field == Field::Fact || given.regex.is_some() || wanted.regex.is_some() {
        return false;
    }
    // Letters other than those of ASCII are compared as they stand, which can only miss something.
    let (whole, part) = (given.equals.as_deref(), given.contains.as_deref().or(given.equals.as_deref()));
    match (&wanted.equals, &wanted.contains, &wanted.wildcard) {
        (Some(wanted), _, _) => whole.is_some_and(|text| text.eq_ignore_ascii_case(wanted)),
        (_, Some(wanted), _) => {
            part.is_some_and(|text| text.to_ascii_lowercase().contains(&wanted.to_ascii_lowercase()))
        }
        (_, _, Some(wanted)) => {
            whole.is_some_and(|text| pattern("wildcard", wanted).is_ok_and(|wanted| wanted.is_match(text)))
        }
        (None, None, None) => false,
    }
}
