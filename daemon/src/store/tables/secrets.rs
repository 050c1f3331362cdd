//! Sealed secrets by the path of their setting. What is sealed in them is not known here.

use super::prefix::SECRETS;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};

pub fn get(read: &(impl Read + ?Sized), path: &str) -> Result<Option<Vec<u8>>, StoreError> {
    read.get(&SECRETS.key(&[path.as_bytes()]))
}

pub fn put(tx: &mut Transaction<'_>, path: &str, sealed: &[u8]) -> Result<(), StoreError> {
    tx.put(&SECRETS.key(&[path.as_bytes()]), sealed)
}

/// Forgets a secret; one that is not there is fine.
pub fn delete(tx: &mut Transaction<'_>, path: &str) -> Result<(), StoreError> {
    tx.delete(&SECRETS.key(&[path.as_bytes()]))
}
