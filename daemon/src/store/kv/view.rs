//! The tree with layers above it, read in the caller's terms: whole values, chunks resolved.

use std::ops::Bound;

use super::Entry;
use super::asked::Asked;
use super::engine::{Bytes, Engine};
use super::layer::{Layer, Merged, Range, Records};
use super::value::{self, Form, Head, MAX_STORED_BYTES};
use crate::store::error::StoreError;

/// One consistent state: `layers` from the uppermost down, then the tree.
pub(super) struct View<'a> {
    engine: &'a Engine,
    layers: [Option<&'a Layer>; 3],
    asked: Option<&'a Asked>,
}

impl<'a> View<'a> {
    /// With `asked`, the tree is asked once for each key; that is right only while nothing is written to it but what
    /// `layers` hold.
    pub(super) fn new(engine: &'a Engine, layers: [Option<&'a Layer>; 3], asked: Option<&'a Asked>) -> View<'a> {
        View { engine, layers, asked }
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.stored(&value::value_key(key)) {
            Some(stored) => self.whole(key, &stored).map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn contains(&self, key: &[u8]) -> bool {
        self.stored(&value::value_key(key)).is_some()
    }

    /// As [`Read::is_empty`](super::Read::is_empty).
    pub(super) fn is_empty(&self, prefix: &[u8]) -> bool {
        let low = Bound::Included(value::value_key(prefix));
        let Some(range) = Range::new(low, value::end_of_prefix(prefix), false) else { return true };
        let written = self.layers.iter().flatten().any(|layer| layer.range(&range).any(|(_, value)| value.is_some()));
        let tree_is_empty = || match self.asked {
            Some(asked) => asked.is_empty(self.engine, prefix, &range),
            None => self.engine.range(&range).next().is_none(),
        };
        !written && tree_is_empty()
    }

    /// How many chunks the present value of `key` has; `None` where it has no value. A damaged record counts as
    /// without chunks, so that it can be replaced; chunks it leaves behind are never read.
    pub(super) fn chunks(&self, key: &[u8]) -> Option<u32> {
        let stored = self.stored(&value::value_key(key))?;
        match value::decode(&stored) {
            Ok(Form::Chunked(head)) => Some(head.chunks()),
            _ => Some(0),
        }
    }

    pub(super) fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let low = match after {
            Some(after) if after >= prefix => Bound::Excluded(value::value_key(after)),
            _ => Bound::Included(value::value_key(prefix)),
        };
        self.window(Range::new(low, value::end_of_prefix(prefix), false), limit)
    }

    pub(super) fn scan_back(
        &self,
        prefix: &[u8],
        before: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let end = value::end_of_prefix(prefix);
        let high = before.map_or(end.clone(), |before| value::value_key(before).min(end));
        self.window(Range::new(Bound::Included(value::value_key(prefix)), high, true), limit)
    }

    /// The stored value of a stored key of any space.
    pub(super) fn stored(&self, stored_key: &[u8]) -> Option<Bytes> {
        match self.layers.iter().flatten().find_map(|layer| layer.get(stored_key)) {
            Some(change) => change.clone(),
            None => match self.asked {
                Some(asked) => asked.get(self.engine, stored_key),
                None => self.engine.get(stored_key),
            },
        }
    }

    fn window(&self, range: Option<Range>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let Some(range) = range else { return Ok(Vec::new()) };
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut records: Records<'_> = self.engine.range(&range);
        for layer in self.layers.iter().rev().flatten() {
            records = Box::new(Merged::new(layer.range(&range), records, range.backward));
        }
        let mut entries = Vec::new();
        for (stored_key, stored) in records.filter_map(|(key, stored)| stored.map(|stored| (key, stored))).take(limit) {
            let key = value::caller_key(&stored_key);
            let value = self.whole(&key, &stored)?;
            entries.push((key, value));
        }
        Ok(entries)
    }

    fn whole(&self, key: &[u8], stored: &[u8]) -> Result<Vec<u8>, StoreError> {
        match value::decode(stored).map_err(|problem| StoreError::corrupt(key, problem))? {
            Form::Inline(value) => Ok(value.to_vec()),
            Form::Chunked(head) => self.join(key, head),
        }
    }

    fn join(&self, key: &[u8], head: Head) -> Result<Vec<u8>, StoreError> {
        let mut whole = Vec::with_capacity(head.chunks() as usize * MAX_STORED_BYTES);
        for number in 0..head.chunks() {
            match self.stored(&value::chunk_key(key, number)) {
                Some(chunk) => whole.extend_from_slice(&chunk),
                None => return Err(StoreError::corrupt(key, "a chunk is missing")),
            }
        }
        match Head::of(&whole) {
            found if found == head => Ok(whole),
            found if found.length != head.length => Err(StoreError::corrupt(key, "its length is wrong")),
            _ => Err(StoreError::corrupt(key, "its checksum is wrong")),
        }
    }
}
