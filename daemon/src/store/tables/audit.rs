//! Who changed what: every write that a person asked for.

use jiff::Timestamp;

use super::counters::{self, Counter};
use super::prefix::AUDIT;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::AuditRecord;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Position, from 1: the cursor of [`list`].
    pub seq: u64,
    pub at: Timestamp,
    /// Unix user name.
    pub user: String,
    pub what: String,
}

/// Adds a change; gives its position.
pub fn append(tx: &mut Transaction<'_>, at: Timestamp, user: &str, what: &str) -> Result<u64, StoreError> {
    let seq = counters::next(tx, Counter::Audit)?;
    let entry = AuditEntry { seq, at, user: user.to_owned(), what: what.to_owned() };
    rows::save(tx, AUDIT, &AUDIT.number(seq), &AuditRecord::from(entry))?;
    Ok(seq)
}

/// Changes, the newest first.
pub fn list(read: &(impl Read + ?Sized), before: Option<u64>, limit: usize) -> Result<Vec<AuditEntry>, StoreError> {
    rows::newest::<AuditRecord, AuditEntry>(read, AUDIT, before, limit)
}
