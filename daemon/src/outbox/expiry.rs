//! Forgets suppressions whose time is over. They do not count any more anyway; this keeps the list short.

use crate::clock::Clock;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{Store, suppressions};
use jiff::Timestamp;
use maildesk_core::address::Address;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often the whole list is looked through.
const EVERY: Duration = Duration::from_secs(6 * 3600);
/// Addresses looked at in one commit.
const AT_ONCE: usize = 500;

/// Looks through the list now and again until stopped.
pub async fn forget_expired(store: Store, clock: Clock, stop: CancellationToken) {
    loop {
        if let Err(error) = pass(&store, clock.now()).await {
            tracing::warn!(%error, "suppressions whose time is over could not be removed");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Removes what has expired by then. Nothing is written where nothing has.
pub(super) async fn pass(store: &Store, now: Timestamp) -> Result<u64, StoreError> {
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
