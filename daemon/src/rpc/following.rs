//! The long poll for events.

use super::fault::Fault;
use super::parts::RpcParts;
use crate::store::events;
use maildesk_core::event::Event;
use maildesk_core::ids::EventSeq;
use maildesk_core::rpc::{EventBatch, RpcError};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Events of one answer at the most.
const EVENTS_AT_ONCE: usize = 200;
/// A long poll answers this long before its caller's deadline.
const BEFORE_DEADLINE: Duration = Duration::from_millis(200);
/// The longest that a caller may ask to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// When a long poll answers at the latest.
pub(super) fn latest(wait_ms: u32, deadline: Instant) -> Instant {
    let wait = Duration::from_millis(u64::from(wait_ms));
    let latest = deadline.checked_sub(BEFORE_DEADLINE).unwrap_or_else(Instant::now);
    latest.min(Instant::now() + wait.min(LONGEST_WAIT))
}

/// Events after `seen`, waiting up to `wait_ms` for the first, and not to the caller's deadline.
pub(super) async fn events_after(
    parts: &RpcParts,
    seen: EventSeq,
    wait_ms: u32,
    deadline: Instant,
    stop: &CancellationToken,
) -> Result<EventBatch, Fault> {
    let until = latest(wait_ms, deadline);
    loop {
        let (events, gap): (Vec<Event>, bool) = events::after(&parts.store, seen, EVENTS_AT_ONCE)?;
        // Where what was seen is no longer kept (or a store was set back), go on from the newest.
        let beginning = if gap { parts.hub.newest() } else { seen };
        let next = events.last().map_or(beginning, |event| event.seq);
        if !events.is_empty() || gap || Instant::now() >= until {
            return Ok(EventBatch { events, next, gap });
        }
        tokio::select! {
            () = stop.cancelled() => return Err(RpcError::Stopping.into()),
            () = parts.hub.after(seen) => {}
            () = tokio::time::sleep_until(until.into()) => {}
        }
    }
}
