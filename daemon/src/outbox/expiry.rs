//! Forgets suppressions whose time is over. They do not count any more anyway; this keeps the list short.

use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{Store, suppressions};
use jiff::Timestamp;
use maildesk_core::address::Address;

/// Addresses looked at in one commit.
const AT_ONCE: usize = 500;

/// Removes what has expired by then. Nothing is written where nothing has.
pub async fn forget_expired(store: &Store, now: Timestamp) -> Result<u64, StoreError> {
    let (mut after, mut removed): (Option<Address>, u64) = (None, 0);
    loop {
        let window = suppressions::list(store, after.as_ref(), AT_ONCE)?;
        let ended = window.len() < AT_ONCE;
        after = window.last().map(|last| last.address.clone());
        let expired: Vec<Address> =
            window.into_iter().filter(|found| !found.holds(now)).map(|found| found.address).collect();
        if !expired.is_empty() {
            removed += expired.len() as u64;
            store.write(move |tx: &mut Transaction<'_>| remove(tx, &expired, now)).await?;
        }
        if ended {
            return Ok(removed);
        }
    }
}

/// Looked at again within the commit: a bounce may have come meanwhile.
fn remove(tx: &mut Transaction<'_>, expired: &[Address], now: Timestamp) -> Result<(), StoreError> {
    for address in expired {
        if suppressions::get(tx, address)?.is_some_and(|found| !found.holds(now)) {
            suppressions::delete(tx, address)?;
        }
    }
    Ok(())
}
