//! What a job sees and writes while it runs on the writer thread.

use super::engine::Bytes;
use super::job::Below;
use super::layer::Layer;
use super::value::{self, Head, MAX_STORED_BYTES, MAX_VALUE_BYTES};
use super::view::View;
use super::{Entry, MAX_JOB_BYTES, MAX_KEY_BYTES, Read};
use crate::store::error::StoreError;

/// Reads what is committed, what earlier jobs of the group wrote and what this job wrote, in one view.
pub struct Transaction<'a> {
    below: Below<'a>,
    own: Layer,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(below: Below<'a>) -> Transaction<'a> {
        Transaction { below, own: Layer::default() }
    }

    /// Sets the value of `key`.
    ///
    /// # Errors
    /// [`StoreError::KeyTooLong`], [`StoreError::ValueTooLarge`], [`StoreError::JobTooLarge`]; the transaction is
    /// then as before the call and may go on.
    pub fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.check(key, value)?;
        let old_chunks = self.view().chunks(key).unwrap_or_default();
        let new_chunks = self.set(key, value);
        self.forget_chunks(key, new_chunks, old_chunks);
        Ok(())
    }

    /// As [`put`](Transaction::put), of a key that has no value and whose like was never written, such as one with a
    /// number that was just given: nobody looks for an earlier value. For any other key, `put` is the one to call:
    /// readers would miss its value until the commit, and its chunks would stay for ever.
    ///
    /// # Errors
    /// As of `put`.
    pub fn put_new(&mut self, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.check(key, value)?;
        debug_assert!(self.view().chunks(key).is_none(), "{} has a value", key.escape_ascii());
        let chunks = self.set(key, value);
        let Below { asked, .. } = self.below;
        asked.is_new(value::value_key(key));
        (0..chunks).for_each(|number| asked.is_new(value::chunk_key(key, number)));
        Ok(())
    }

    /// Removes `key`; a key without a value is fine.
    ///
    /// # Errors
    /// [`StoreError::KeyTooLong`].
    pub fn delete(&mut self, key: &[u8]) -> Result<(), StoreError> {
        if key.len() > MAX_KEY_BYTES {
            return Err(StoreError::KeyTooLong { length: key.len() });
        }
        let Some(old_chunks) = self.view().chunks(key) else { return Ok(()) };
        self.own.set(value::value_key(key), None);
        self.forget_chunks(key, 0, old_chunks);
        Ok(())
    }

    /// Sets the schema number of the store, in the same commit as the rest of a migration.
    pub fn set_schema(&mut self, schema: u32) {
        self.own.set(value::meta_key(super::open::SCHEMA), Some(Bytes::from(&schema.to_be_bytes())));
    }

    pub(super) fn into_writes(self) -> Layer {
        self.own
    }

    fn check(&self, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        if key.len() > MAX_KEY_BYTES {
            return Err(StoreError::KeyTooLong { length: key.len() });
        }
        if value.len() > MAX_VALUE_BYTES {
            return Err(StoreError::ValueTooLarge { key: key.escape_ascii().to_string(), length: value.len() });
        }
        let length = self.own.bytes() + key.len() + value.len();
        if length > MAX_JOB_BYTES {
            return Err(StoreError::JobTooLarge { length });
        }
        Ok(())
    }

    /// Gives how many chunks the value has.
    fn set(&mut self, key: &[u8], value: &[u8]) -> u32 {
        if value::fits_inline(value) {
            self.own.set(value::value_key(key), Some(value::encode_inline(value)));
            return 0;
        }
        let head = Head::of(value);
        self.own.set(value::value_key(key), Some(head.encode()));
        for (number, chunk) in (0u32..).zip(value.chunks(MAX_STORED_BYTES)) {
            self.own.set(value::chunk_key(key, number), Some(Bytes::from(chunk)));
        }
        head.chunks()
    }

    fn forget_chunks(&mut self, key: &[u8], from: u32, to: u32) {
        for number in from..to {
            self.own.set(value::chunk_key(key, number), None);
        }
    }

    fn view(&self) -> View<'_> {
        let Below { engine, asked, previous, group } = self.below;
        View::new(engine, [Some(&self.own), Some(group), previous], Some(asked))
    }
}

impl Read for Transaction<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.view().get(key)
    }

    fn contains(&self, key: &[u8]) -> Result<bool, StoreError> {
        Ok(self.view().contains(key))
    }

    fn is_empty(&self, prefix: &[u8]) -> Result<bool, StoreError> {
        Ok(self.view().is_empty(prefix))
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.view().scan(prefix, after, limit)
    }

    fn scan_back(&self, prefix: &[u8], before: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.view().scan_back(prefix, before, limit)
    }
}
