//! The hub: says after a commit that there are new events, and wakes who waits for them.
//!
//! Events themselves are read from the store, which keeps the newest; nothing is buffered for a slow reader.

use crate::store::Store;
use crate::store::events;
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::EventSeq;
use tokio::sync::watch;

/// Where the newest durable event stands. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct EventHub(watch::Sender<EventSeq>);

impl EventHub {
    pub fn new(newest: EventSeq) -> Self {
        Self(watch::Sender::new(newest))
    }

    /// Events up to `newest` are durable.
    pub fn publish(&self, newest: EventSeq) {
        self.0.send_if_modified(|seen| {
            let newer = newest > *seen;
            *seen = newest.max(*seen);
            newer
        });
    }

    pub fn newest(&self) -> EventSeq {
        *self.0.borrow()
    }

    /// Returns when there is an event after `seen`.
    pub async fn after(&self, seen: EventSeq) {
        let mut watched = self.0.subscribe();
        // The hub outlives every reader; were it gone, there would be nothing to wait for.
        drop(watched.wait_for(|newest| *newest > seen).await);
    }
}

/// Commits an event that no other commit carries, such as a server's fault, and publishes it. A store that takes no
/// event is no reason for the caller to stop: the log has it.
pub async fn announce(store: &Store, hub: &EventHub, now: Timestamp, what: DomainEvent) {
    match store.write(move |tx| events::append(tx, now, what)).await {
        Ok(seq) => hub.publish(seq),
        Err(error) => tracing::warn!(%error, "an event could not be written"),
    }
}
