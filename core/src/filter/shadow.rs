//! Rules that can never act because an earlier one always ends the run before them.

use super::rule::{Condition, Filter, FilterName, Matching};
use serde::{Deserialize, Serialize};

/// A rule that can never act, and the earlier one that is why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shadowed {
    pub filter: FilterName,
    pub by: FilterName,
}

/// Finds them by comparing conditions as they are written: what it names is certain, but it does not find all.
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
    let has = |conditions: &[Condition], wanted: &Condition| conditions.contains(wanted);
    match (wide.matching, narrow.matching) {
        _ if wide.when.is_empty() => true,
        _ if narrow.when.is_empty() => false,
        (Matching::All, Matching::All) => wide.when.iter().all(|condition| has(&narrow.when, condition)),
        (Matching::Any, Matching::All) => narrow.when.iter().any(|condition| has(&wide.when, condition)),
        (Matching::Any, Matching::Any) => narrow.when.iter().all(|condition| has(&wide.when, condition)),
        (Matching::All, Matching::Any) => {
            matches!((wide.when.as_slice(), narrow.when.as_slice()), ([wide], [narrow]) if wide == narrow)
        }
    }
}
