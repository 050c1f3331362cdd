//! What the tree said of single keys while a group was made.
//!
//! A row is asked for before it is written, once more for its old chunks, and once more for what readers are to see
//! until the group is durable. Meanwhile nothing is written to the tree but the group before, whose keys the tree is
//! not asked for, so one answer serves all. Most rows are new and known to be: the tree is not asked for them at all.

use std::cell::RefCell;
use std::collections::HashMap;

use super::engine::{Bytes, Engine};
use super::layer::Range;

/// Answers of the tree by stored key.
#[derive(Debug, Default)]
pub(super) struct Asked {
    answers: RefCell<HashMap<Bytes, Option<Bytes>>>,
    /// Whether nothing is there, by prefix.
    empty: RefCell<HashMap<Vec<u8>, bool>>,
}

impl Asked {
    /// What the tree holds under this key.
    pub(super) fn get(&self, engine: &Engine, stored_key: &[u8]) -> Option<Bytes> {
        if let Some(answer) = self.answers.borrow().get(stored_key) {
            return answer.clone();
        }
        let answer = engine.get(stored_key);
        self.answers.borrow_mut().insert(stored_key.into(), answer.clone());
        answer
    }

    /// Whether the tree holds nothing in the range of this prefix.
    pub(super) fn is_empty(&self, engine: &Engine, prefix: &[u8], range: &Range) -> bool {
        let mut empty = self.empty.borrow_mut();
        match empty.get(prefix) {
            Some(answer) => *answer,
            None => {
                let answer = engine.range(range).next().is_none();
                empty.insert(prefix.to_vec(), answer);
                answer
            }
        }
    }

    /// Notes that the tree holds nothing under this key.
    pub(super) fn is_new(&self, stored_key: impl Into<Bytes>) {
        self.answers.borrow_mut().entry(stored_key.into()).or_insert(None);
    }

    /// As [`get`](Asked::get), the last time for this key.
    pub(super) fn take(&mut self, engine: &Engine, stored_key: &[u8]) -> Option<Bytes> {
        match self.answers.get_mut().remove(stored_key) {
            Some(answer) => answer,
            None => engine.get(stored_key),
        }
    }
}
