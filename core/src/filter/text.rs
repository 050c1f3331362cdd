//! Rules as people write them: TOML with what is said and nothing else.

use super::rule::{Condition, Filter, Matching, Then};
use toml::Value;

/// Each rule as a `[[filter]]`, ready for a document of settings.
pub fn to_toml(filters: &[Filter]) -> String {
    filters.iter().map(rule).collect::<Vec<_>>().join("\n")
}

fn rule(filter: &Filter) -> String {
    let Filter { name, enabled, matching, when, then } = filter;
    let mut text = format!("[[filter]]\nname = {}\n", string(name.as_str()));
    if !enabled {
        text.push_str("enabled = false\n");
    }
    if *matching == Matching::Any {
        text.push_str("match = \"any\"\n");
    }
    match when.as_slice() {
        [] => {}
        [only] => text.push_str(&format!("when = [{}]\n", condition(only))),
        several => {
            let lines: String = several.iter().map(|one| format!("    {},\n", condition(one))).collect();
            text.push_str(&format!("when = [\n{lines}]\n"));
        }
    }
    text.push_str(&format!("then = {}\n", actions(then)));
    text
}

fn condition(condition: &Condition) -> String {
    let Condition { field, header, contains, equals, wildcard, regex, above, below, not } = condition;
    let field = serde_json::to_value(field).ok().and_then(|name| name.as_str().map(string)).unwrap_or_default();
    let mut parts = vec![("field", field)];
    let texts =
        [("header", header), ("contains", contains), ("equals", equals), ("wildcard", wildcard), ("regex", regex)];
    parts.extend(texts.into_iter().filter_map(|(key, value)| value.as_deref().map(|value| (key, string(value)))));
    let sizes = [("above", above), ("below", below)];
    parts.extend(sizes.into_iter().filter_map(|(key, value)| value.map(|value| (key, value.to_string()))));
    parts.extend(flag("not", *not));
    table(&parts)
}

fn actions(then: &Then) -> String {
    let Then { drop, quarantine, priority, tags, assign, no_acknowledgement, stop } = then;
    let mut parts: Vec<(&str, String)> = Vec::new();
    parts.extend(flag("drop", *drop));
    parts.extend(flag("quarantine", *quarantine));
    parts.extend(priority.map(|priority| ("priority", string(priority.word()))));
    if !tags.is_empty() {
        let tags: Vec<String> = tags.iter().map(|tag| string(tag)).collect();
        parts.push(("tags", format!("[{}]", tags.join(", "))));
    }
    parts.extend(assign.as_deref().map(|agent| ("assign", string(agent))));
    parts.extend(flag("no_acknowledgement", *no_acknowledgement));
    parts.extend(flag("stop", *stop));
    table(&parts)
}

fn flag(key: &'static str, on: bool) -> Option<(&'static str, String)> {
    on.then(|| (key, "true".to_owned()))
}

fn string(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

fn table(parts: &[(&str, String)]) -> String {
    let parts: Vec<String> = parts.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    format!("{{ {} }}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::filters_from_toml;

    const TEXT: &str = r#"[[filter]]
name = "backup"
enabled = false
match = "any"
when = [
    { field = "subject", regex = '^\[Backup\] "x"', not = true },
    { field = "header", header = "X-Shop", contains = "yes" },
    { field = "size", above = 1000 },
]
then = { quarantine = true, priority = "high", tags = ["a", "b"], assign = "ann", no_acknowledgement = true, stop = true }

[[filter]]
name = "rest"
then = { drop = true }
"#;

    #[test]
    fn what_is_written_reads_back_equal_and_says_no_more_than_was_said() {
        let filters = filters_from_toml(TEXT).unwrap();
        let written = to_toml(&filters);
        assert_eq!(filters_from_toml(&written).unwrap(), filters, "{written}");
        assert_eq!(written, TEXT);
    }

    #[test]
    fn line_ends_in_a_pattern_survive() {
        let mut filters = filters_from_toml(TEXT).unwrap();
        filters[0].when[0].regex = Some("a\nb\t'\\d\"".into());
        assert_eq!(filters_from_toml(&to_toml(&filters)).unwrap(), filters, "{}", to_toml(&filters));
    }
}
