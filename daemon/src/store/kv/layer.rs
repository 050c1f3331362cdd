//! Writes held in memory above the tree, and merging them with what lies below.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::ops::Bound;

use super::engine::Bytes;

/// A stored key with its stored value; `None` hides what lies below.
pub(super) type Record = (Bytes, Option<Bytes>);
/// Records in one direction of key order.
pub(super) type Records<'a> = Box<dyn Iterator<Item = Record> + 'a>;

/// Changes by stored key.
#[derive(Debug, Default)]
pub(super) struct Layer {
    changes: BTreeMap<Bytes, Option<Bytes>>,
    bytes: usize,
}

/// A range of stored keys that is known not to be empty or reversed.
#[derive(Debug, Clone)]
pub(super) struct Range {
    low: Bound<Vec<u8>>,
    high: Vec<u8>,
    /// Whether the range is walked from its end.
    pub(super) backward: bool,
}

impl Range {
    /// From `low` to before `high`; nothing where no key can lie between.
    pub(super) fn new(low: Bound<Vec<u8>>, high: Vec<u8>, backward: bool) -> Option<Range> {
        let first = match &low {
            Bound::Included(key) | Bound::Excluded(key) => key,
            Bound::Unbounded => return Some(Range { low, high, backward }),
        };
        (*first < high).then_some(Range { low, high, backward })
    }

    pub(super) fn bounds(&self) -> (Bound<&[u8]>, Bound<&[u8]>) {
        (self.low.as_ref().map(Vec::as_slice), Bound::Excluded(&self.high))
    }
}

impl Layer {
    pub(super) fn set(&mut self, stored_key: impl Into<Bytes>, stored_value: Option<Bytes>) {
        let stored_key = stored_key.into();
        self.bytes += stored_key.len() + stored_value.as_ref().map_or(0, |value| value.len());
        self.changes.insert(stored_key, stored_value);
    }

    /// `Some(None)` is a deletion, `None` says nothing about the key.
    pub(super) fn get(&self, stored_key: &[u8]) -> Option<&Option<Bytes>> {
        self.changes.get(stored_key)
    }

    /// Bytes of all keys and values ever set, overwritten ones included.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Bytes, &Option<Bytes>)> {
        self.changes.iter()
    }

    /// Puts the changes of `newer` on top of this layer.
    pub(super) fn absorb(&mut self, newer: Layer) {
        self.bytes += newer.bytes;
        self.changes.extend(newer.changes);
    }

    pub(super) fn range(&self, range: &Range) -> Records<'_> {
        let records = self.changes.range::<[u8], _>(range.bounds()).map(|(key, value)| (key.clone(), value.clone()));
        if range.backward { Box::new(records.rev()) } else { Box::new(records) }
    }
}

/// Two ordered sources as one; where both have a key, the upper one counts.
pub(super) struct Merged<'a> {
    upper: Peekable<Records<'a>>,
    lower: Peekable<Records<'a>>,
    backward: bool,
}

impl<'a> Merged<'a> {
    pub(super) fn new(upper: Records<'a>, lower: Records<'a>, backward: bool) -> Merged<'a> {
        Merged { upper: upper.peekable(), lower: lower.peekable(), backward }
    }
}

impl Iterator for Merged<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let order = match (self.upper.peek(), self.lower.peek()) {
            (None, _) => return self.lower.next(),
            (_, None) => return self.upper.next(),
            (Some((upper, _)), Some((lower, _))) if self.backward => lower.cmp(upper),
            (Some((upper, _)), Some((lower, _))) => upper.cmp(lower),
        };
        match order {
            Ordering::Less => self.upper.next(),
            Ordering::Greater => self.lower.next(),
            Ordering::Equal => {
                self.lower.next();
                self.upper.next()
            }
        }
    }
}
