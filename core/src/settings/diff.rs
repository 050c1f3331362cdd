//! What changes between two documents, field by field, without showing a secret.

use super::{SecretSetting, Settings};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingChange {
    /// `sender.support.server.port`
    pub field: String,
    /// Absent: the field is new.
    pub old: Option<String>,
    /// Absent: the field goes.
    pub new: Option<String>,
}

/// All fields in which `new` differs from `old`, ordered by name; then lists whose order differs.
pub fn diff(old: &Settings, new: &Settings) -> Vec<SettingChange> {
    let (old_order, new_order) = (order(old), order(new));
    let (old, new) = (flatten(old), flatten(new));
    let fields: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let change = |field: &String| SettingChange {
        field: field.clone(),
        old: old.get(field).cloned(),
        new: new.get(field).cloned(),
    };
    let mut changes: Vec<SettingChange> =
        fields.into_iter().map(change).filter(|change| change.old != change.new).collect();
    changes.extend(reordered(&old_order, &new_order));
    changes
}

/// Names of every list, in their order: it counts where rules run one after the other, and the first sender answers.
fn order(settings: &Settings) -> [(&'static str, Vec<&str>); 5] {
    [
        ("sender", settings.sender.iter().map(|sender| sender.name.as_str()).collect()),
        ("mailbox", settings.mailbox.iter().map(|mailbox| mailbox.name.as_str()).collect()),
        ("agents", settings.agents.iter().map(|agent| agent.name.as_str()).collect()),
        ("sla.policy", settings.sla.policy.iter().map(|policy| policy.name.as_str()).collect()),
        ("filter", settings.filter.iter().map(|filter| filter.name.as_str()).collect()),
    ]
}

/// Lists in which those that are on both sides stand in another order.
fn reordered(old: &[(&str, Vec<&str>)], new: &[(&str, Vec<&str>)]) -> Vec<SettingChange> {
    let mut changes = Vec::new();
    for ((list, old), (_, new)) in old.iter().zip(new) {
        let kept = |names: &[&str], others: &[&str]| -> Vec<String> {
            names.iter().filter(|name| others.contains(name)).map(|name| (*name).to_owned()).collect()
        };
        let (before, after) = (kept(old, new), kept(new, old));
        if before != after {
            let (old, new) = (Some(before.join(", ")), Some(after.join(", ")));
            changes.push(SettingChange { field: format!("{list}: order"), old, new });
        }
    }
    changes
}

fn flatten(settings: &Settings) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    // Our own types with string keys always become JSON; an empty document is the honest answer if they did not.
    let document = serde_json::to_value(without_secrets(settings)).unwrap_or_default();
    walk(String::new(), &document, &mut fields);
    fields
}

/// In place of a new secret.
const NEW: &str = "new secret (not shown)";

/// New secrets differ from every old one, so they show as a change without being shown.
fn without_secrets(settings: &Settings) -> Settings {
    let mut shown = settings.clone();
    let hide = |secret: &mut SecretSetting| {
        if matches!(secret, SecretSetting::Value(_)) {
            *secret = SecretSetting::Credential(NEW.to_owned());
        }
    };
    for sender in &mut shown.sender {
        if let Some(login) = sender.way.smtp_mut().and_then(|smtp| smtp.login.as_mut()) {
            hide(&mut login.password);
        }
        if let Some(dkim) = &mut sender.dkim {
            hide(&mut dkim.key);
        }
    }
    for mailbox in &mut shown.mailbox {
        hide(&mut mailbox.login.password);
    }
    if let Some(s3) = &mut shown.storage.s3 {
        hide(&mut s3.secret_key);
    }
    shown
}

fn walk(path: String, value: &Value, fields: &mut BTreeMap<String, String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        // Where a secret is told in words, as one value: what it was and what it becomes stand side by side.
        Value::Object(map) if map.len() == 1 && map.get("credential").is_some_and(Value::is_string) => {
            let named = map.get("credential").and_then(Value::as_str).unwrap_or_default();
            let told = if named == NEW { named.to_owned() } else { format!("credential {named}") };
            fields.insert(path, told);
        }
        Value::Object(map) => map.iter().for_each(|(name, inner)| walk(below(name), inner, fields)),
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                let name = item.get("name").and_then(Value::as_str).map_or_else(|| position.to_string(), str::to_owned);
                walk(below(&name), item, fields);
            }
        }
        Value::Null => {}
        Value::String(text) => drop(fields.insert(path, text.clone())),
        other => drop(fields.insert(path, other.to_string())),
    }
}
