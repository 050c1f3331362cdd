//! What the tree said of single keys while a group was made.
//!
//! Fresh rows are the rule: each is asked for before it is written, once more for its old chunks, and once more for
//! what readers are to see until the group is durable. Meanwhile nothing is written to the tree
//! but the group before, whose keys the tree is not asked for, so one answer serves all.

use std::cell::RefCell;
use std::collections::HashMap;

use super::engine::{Bytes, Engine};

/// Answers of the tree by stored key.
#[derive(Debug, Default)]
pub(super) struct Asked {
    answers: RefCell<HashMap<Bytes, Option<Bytes>>>,
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

    /// As [`get`](Asked::get), the last time for this key.
    pub(super) fn take(&mut self, engine: &Engine, stored_key: &[u8]) -> Option<Bytes> {
        match self.answers.get_mut().remove(stored_key) {
            Some(answer) => answer,
            None => engine.get(stored_key),
        }
    }
}
