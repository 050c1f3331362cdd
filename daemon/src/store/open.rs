//! The open store: the waist with the schema that the tables are written in.

use std::ops::Deref;

use super::error::{OpenError, StoreError};
use super::kv::{Entry, Kv, Options, Read};
use super::migrate;

/// An open store with the schema this program works with. Cloning is cheap. Writing and closing are the waist's.
#[derive(Clone)]
pub struct Store {
    kv: Kv,
}

impl Store {
    /// Opens or creates the store in `options.dir` and brings it to the present schema; blocks, for seconds after
    /// much was written. `options.known_schema` is set here.
    ///
    /// # Errors
    /// Every [`OpenError`].
    pub fn open(options: &Options) -> Result<Store, OpenError> {
        let options = Options { known_schema: migrate::SCHEMA, ..options.clone() };
        let kv = Kv::open(&options)?;
        migrate::bring_up(&kv, &options)?;
        Ok(Store { kv })
    }
}

impl Deref for Store {
    type Target = Kv;

    fn deref(&self) -> &Kv {
        &self.kv
    }
}

impl Read for Store {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.kv.get(key)
    }

    fn is_empty(&self, prefix: &[u8]) -> Result<bool, StoreError> {
        self.kv.is_empty(prefix)
    }

    fn contains(&self, key: &[u8]) -> Result<bool, StoreError> {
        self.kv.contains(key)
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.kv.scan(prefix, after, limit)
    }

    fn scan_back(&self, prefix: &[u8], before: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.kv.scan_back(prefix, before, limit)
    }
}
