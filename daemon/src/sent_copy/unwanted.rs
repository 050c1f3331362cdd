//! Copies that waited when their sender lost its folder are not made any more.

use crate::active::Active;
use crate::store::error::StoreError;
use crate::store::{Store, sent_copies};
use maildesk_core::settings::Settings;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Rows that go in one commit.
const WINDOW: usize = 500;

/// Forgets what waits for senders that keep no copies by these settings. Once at the start of a crew is enough:
/// rows come only from senders of that crew.
pub async fn forget_unwanted(store: Store, active: Arc<Active>, stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        forgotten = forget(&store, &active.settings) => match forgotten {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "copies of sent mail are not wanted any more"),
            Err(error) => tracing::warn!(%error, "unwanted copies of sent mail go on waiting"),
        }
    }
}

async fn forget(store: &Store, settings: &Settings) -> Result<usize, StoreError> {
    let mut count = 0;
    for name in sent_copies::senders(store)? {
        if settings.sender(&name).is_some_and(|sender| sender.sent_copy.is_some()) {
            continue;
        }
        loop {
            let waiting = sent_copies::next(store, &name, None, WINDOW)?;
            if waiting.is_empty() {
                break;
            }
            count += waiting.len();
            let name = name.clone();
            let job = move |tx: &mut crate::store::kv::Transaction<'_>| -> Result<(), StoreError> {
                waiting.into_iter().try_for_each(|id| sent_copies::delete(tx, &name, id))
            };
            store.write(job).await?;
        }
    }
    Ok(count)
}
