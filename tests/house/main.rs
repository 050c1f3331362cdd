//! The rules of the house, as tests. Each rule is a function from sources to complaints, and is shown to bite.

mod code;
mod crates;
mod documents;
mod layout;
mod pictures;
mod sources;
mod systemd;

/// Fails with every complaint in its own line.
fn agreed(rule: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{rule}:\n  {}", complaints.join("\n  "));
}
