//! The thin waist: ordered byte keys and values, durable when a write returns.
//!
//! Rules that hold here and nowhere else need to be known (measured reasons in the store notes):
//! - One thread runs jobs. It collects their writes into a group (at most 256 jobs or about 4 MiB) and hands it to one
//!   other, which applies it as one batch on one sled tree, flushes, calls `fdatasync` on its own descriptor of the
//!   `db` file and only then answers, while the next group is made. sled's own flush is not durable.
//! - No value handed to sled is above 4096 bytes; larger ones are cut into chunks here, unseen by callers.
//! - Any error of sled or the disk is final: it is logged and the process aborts, because sled's state is undefined
//!   after it. What was answered before is safe.
//! - Readers see exactly what is durable. While a group is on its way to the disk they see the values before it, from
//!   memory; they do not wait for the disk.
//!
//! This module must not know what the keys and values mean.

mod asked;
mod committer;
mod engine;
mod handle;
mod job;
mod layer;
mod lock;
mod open;
mod options;
mod repair;
mod shared;
mod space;
mod transaction;
mod value;
mod view;
mod watchdog;
mod writer;

#[cfg(test)]
mod tests;

pub use handle::{Kv, Pending};
pub use options::Options;
pub use transaction::Transaction;
pub use value::MAX_VALUE_BYTES;

use crate::store::error::StoreError;

/// Longest key in bytes.
pub const MAX_KEY_BYTES: usize = 400;
/// Most bytes of keys and values one job may write.
pub const MAX_JOB_BYTES: usize = 32 << 20;

/// A key with its value.
pub type Entry = (Vec<u8>, Vec<u8>);

/// Reading in key order. Calls are synchronous and may touch the disk: from async code use small windows or
/// `spawn_blocking`.
///
/// Every call fails only with [`StoreError::Corrupt`], which names the key.
pub trait Read {
    /// The value of `key`.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Whether `key` has a value; large values are not read.
    fn contains(&self, key: &[u8]) -> Result<bool, StoreError>;

    /// Whether no key with `prefix` has a value. Cheap while it is so; `false` may also mean that the last of them is
    /// just being removed.
    fn is_empty(&self, prefix: &[u8]) -> Result<bool, StoreError>;

    /// Keys with `prefix`, ascending, strictly after `after` where given, at most `limit`.
    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError>;

    /// Keys with `prefix`, descending, strictly before `before` where given, at most `limit`.
    fn scan_back(&self, prefix: &[u8], before: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError>;
}
