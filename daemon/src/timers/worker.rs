//! Waits for the next moment of any ticket. It has no input but the store: what came due while nobody ran is done at
//! once, and what was done is noted in the same commit, so that nothing is told twice.

use super::sweep::sweep;
use super::tick::tick;
use crate::active::Active;
use crate::clock::Clock;
use crate::events::EventHub;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{Store, events, tickets};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Tickets of one commit.
const AT_ONCE: usize = 20;
/// Looks at least this often: clocks are set, and tickets are written that come due sooner.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The worker of all tickets' clocks.
pub struct TicketClock {
    pub store: Store,
    pub hub: EventHub,
    pub clock: Clock,
    pub active: Arc<Active>,
    pub outbox_nudge: Arc<Notify>,
}

impl TicketClock {
    /// Works until stopped.
    pub async fn run(self, stop: CancellationToken) {
        match sweep(&self.store, &self.active, self.clock.now(), &stop).await {
            Ok(0) => {}
            Ok(changed) => tracing::info!(changed, "tickets follow the settings in force"),
            Err(error) => tracing::warn!(%error, "not all tickets follow the settings in force"),
        }
        while !stop.is_cancelled() {
            let pause = match self.pass().await {
                Ok(true) => continue,
                Ok(false) => self.pause(),
                Err(error) => {
                    tracing::warn!(%error, "what is due on tickets could not be done");
                    LOOK_EVERY
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Does a part of what is due; whether there may be more.
    pub(super) async fn pass(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let due = tickets::waking(&self.store, now, AT_ONCE)?;
        if due.is_empty() {
            return Ok(false);
        }
        let (more, active) = (due.len() == AT_ONCE, Arc::clone(&self.active));
        let job = move |tx: &mut Transaction<'_>| due.iter().try_for_each(|number| tick(tx, &active, *number, now));
        self.store.write::<_, StoreError>(job).await?;
        self.hub.publish(events::newest(&self.store)?);
        self.outbox_nudge.notify_waiters();
        Ok(more)
    }

    fn pause(&self) -> Duration {
        let next = tickets::next_wake(&self.store).ok().flatten();
        let wait = next.map(|at| at.duration_since(self.clock.now()));
        // A millisecond more: moments are kept in whole ones.
        let wait = wait.map(|wait| Duration::try_from(wait).unwrap_or_default() + Duration::from_millis(1));
        wait.map_or(LOOK_EVERY, |wait| wait.min(LOOK_EVERY))
    }
}
