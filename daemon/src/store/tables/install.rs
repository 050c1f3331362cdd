//! The identity of this install.

use jiff::Timestamp;

use super::prefix::INSTALL;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::InstallRecord;

/// What is made once, when the store is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Install {
    /// Stands in the loop header and in nothing secret.
    pub id: String,
    /// The key that signs reply tokens, sealed.
    pub sealed_token_key: Vec<u8>,
    /// When that key was made; absent: with the store.
    pub key_made: Option<Timestamp>,
    /// Keys before it, which still verify; the newest first.
    pub older_keys: Vec<OlderKey>,
}

/// A key that signs no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OlderKey {
    pub sealed: Vec<u8>,
    /// Absent: with the store.
    pub made: Option<Timestamp>,
    /// When the next one took its place.
    pub replaced: Timestamp,
}

pub fn get(read: &(impl Read + ?Sized)) -> Result<Option<Install>, StoreError> {
    rows::load::<InstallRecord, Install>(read, INSTALL, &INSTALL.all())
}

pub fn put(tx: &mut Transaction<'_>, install: &Install) -> Result<(), StoreError> {
    rows::save(tx, INSTALL, &INSTALL.all(), &InstallRecord::from(install.clone()))
}
