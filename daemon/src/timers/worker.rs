//! The worker of the clocks: looks at every ticket whose time has come, then waits for the next.

use super::clocks::{look, look_at_all};
use crate::active::Active;
use crate::clock::{Clock, jitter};
use crate::events::EventHub;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{Store, clocks, events};
use jiff::Timestamp;
use maildesk_core::outbox::schedule::reconnect_pause;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Looks without being woken, such as after the clock was set.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// Never waits shorter, though the next look be nearer than a clock can tell.
const SHORTEST: Duration = Duration::from_millis(1);

/// Handles that the clocks work with.
#[derive(Clone)]
pub struct TimerParts {
    pub store: Store,
    pub hub: EventHub,
    pub clock: Clock,
    pub active: Arc<Active>,
    /// Wakes who sends.
    pub outbox_nudge: Arc<Notify>,
}

/// Watches the clocks until stopped.
pub async fn watch_clocks(parts: TimerParts, stop: CancellationToken) {
    let mut failures = 0;
    loop {
        // Asked before the look, so that what is committed during it wakes again.
        let seen = parts.hub.newest();
        let pause = match pass(&parts, &stop).await {
            Ok(()) => {
                failures = 0;
                until_next(&parts)
            }
            Err(error) => {
                failures += 1;
                tracing::warn!(%error, "the clocks of tickets could not be looked at");
                reconnect_pause(failures, jitter())
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = parts.hub.after(seen), if failures == 0 => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Looks until nothing is left to look at.
async fn pass(parts: &TimerParts, stop: &CancellationToken) -> Result<(), StoreError> {
    look_at_all(&parts.store, &parts.active).await?;
    while !stop.is_cancelled() {
        let Some(told) = look_once(&parts.store, &parts.active, parts.clock.now()).await? else { break };
        parts.hub.publish(events::newest(&parts.store)?);
        if told > 0 {
            tracing::info!(told, "warnings and breaches of service levels");
            parts.outbox_nudge.notify_waiters();
        }
    }
    Ok(())
}

/// Looks at the tickets that wait the longest, in one commit; gives how much was told of them, or nothing where no
/// ticket wants a look by `now`.
///
/// # Errors
/// Only the store's; nothing was told then.
pub async fn look_once(store: &Store, active: &Arc<Active>, now: Timestamp) -> Result<Option<usize>, StoreError> {
    if clocks::next_look(store)?.is_none_or(|at| at > now) {
        return Ok(None);
    }
    let active = Arc::clone(active);
    store.write(move |tx: &mut Transaction<'_>| look(tx, &active, now)).await.map(Some)
}

fn until_next(parts: &TimerParts) -> Duration {
    let next = clocks::next_look(&parts.store).ok().flatten();
    let wait = next.and_then(|at| Duration::try_from(at.duration_since(parts.clock.now())).ok());
    // A time in the past means that something came in between.
    match (next, wait) {
        (Some(_), None) => SHORTEST,
        (_, wait) => wait.unwrap_or(LOOK_EVERY).clamp(SHORTEST, LOOK_EVERY),
    }
}
