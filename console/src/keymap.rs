//! From a key to what it does: looked up in the registry, the innermost context first.

use crate::action::{Context, Entry, within};
use crate::app::key::Key;

/// What a key does where `context` has the focus.
pub fn find(context: Context, key: Key) -> Option<&'static Entry> {
    within(context).into_iter().find(|entry| entry.keys.contains(&key))
}
