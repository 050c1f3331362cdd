//! The documents that people copy from the README and from `systemd/` are ones that we read.

use crate::agreed;
use crate::sources::root;
use maildesk_core::settings::{from_toml, to_toml};
use maildesk_daemon::config::Config;
use std::collections::HashSet;
use std::fs;

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The TOML blocks whose first line is this comment.
fn blocks(text: &str, heading: &str) -> Vec<String> {
    let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    blocks.filter(|block| block.lines().next() == Some(heading)).map(str::to_owned).collect()
}

fn bootstrap_problem(text: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("maildeskd.toml");
    fs::write(&file, text).unwrap();
    Config::load(&file).err().map(|error| error.to_string())
}

/// As a person has it who follows the advice to take out a `#` before a field.
fn with_all_fields(text: &str) -> String {
    let is_field = |line: &&str| {
        line.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '['))
    };
    text.lines()
        .map(|line| if is_field(&line) { line.trim_start_matches('#') } else { line })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn settings_in_the_readme_can_be_applied() {
    let documents = blocks(&readme(), "# desk.toml");
    assert!(documents.len() >= 2, "{documents:?}");
    let problems: Vec<String> =
        documents.iter().filter_map(|text| from_toml(text).err()).map(|problems| format!("{problems:?}")).collect();
    agreed("settings in the README", &problems);
}

#[test]
fn every_setting_is_in_the_readme() {
    let readme = readme();
    let settings = from_toml(&blocks(&readme, "# desk.toml").join("\n")).unwrap();
    let table: toml::Table = to_toml(&settings).unwrap().parse().unwrap();
    let mut fields = Vec::new();
    names(&toml::Value::Table(table), &mut fields);
    assert!(fields.len() > 20, "{fields:?}");
    let words: HashSet<&str> = readme.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
    let missing = fields.iter().filter(|name| !words.contains(name.as_str()));
    agreed("settings that the README does not name", &missing.cloned().collect::<Vec<_>>());
}

/// Names of all fields, however deep.
fn names(value: &toml::Value, found: &mut Vec<String>) {
    match value {
        toml::Value::Table(table) => {
            for (name, inner) in table {
                found.push(name.clone());
                names(inner, found);
            }
        }
        toml::Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        _ => {}
    }
}

#[test]
fn macros_in_the_readme_can_be_imported() {
    let documents = blocks(&readme(), "# macros.toml");
    assert_eq!(documents.len(), 1);
    let problems = documents.iter().filter_map(|text| maildesk_core::macros::from_toml(text).err());
    agreed("macros in the README", &problems.map(|problems| format!("{problems:?}")).collect::<Vec<_>>());
}

#[test]
fn bootstrap_files_start_a_daemon() {
    let mut texts = blocks(&readme(), "# maildeskd.toml");
    assert_eq!(texts.len(), 1);
    texts.push(fs::read_to_string(root().join("systemd/maildeskd.toml")).unwrap());
    let all: Vec<String> = texts.iter().flat_map(|text| [text.clone(), with_all_fields(text)]).collect();
    agreed("bootstrap files", &all.iter().filter_map(|text| bootstrap_problem(text)).collect::<Vec<_>>());
    assert!(all[1].contains("\nca_file") && all[3].contains("\n[access]"), "fields stay commented out: {all:?}");
    assert!(bootstrap_problem("sokket = 1").is_some());
}
