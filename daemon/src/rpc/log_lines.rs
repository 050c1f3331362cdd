//! The newest log lines, and the long poll for more.

use super::following::latest;
use super::parts::RpcParts;
use maildesk_core::rpc::{LogPart, LogQuery, MAX_ROWS, RpcError};
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// The lines that are wanted. With none behind what was seen it waits for up to `wait_ms`, and not to the caller's
/// deadline.
pub(super) async fn lines(
    parts: &RpcParts,
    query: LogQuery,
    wait_ms: u32,
    deadline: Instant,
    stop: &CancellationToken,
) -> Result<LogPart, RpcError> {
    let mut query = LogQuery { limit: query.limit.clamp(1, MAX_ROWS), ..query };
    let until = latest(wait_ms, deadline);
    loop {
        let part = parts.log.read(&query);
        let nothing_new = query.after.is_some() && part.lines.is_empty() && !part.missed;
        if !nothing_new || Instant::now() >= until {
            return Ok(part);
        }
        // Lines that do not matter enough are not looked at twice.
        query.after = Some(part.next);
        tokio::select! {
            () = stop.cancelled() => return Err(RpcError::Stopping),
            () = parts.log.grown(part.next) => {}
            () = tokio::time::sleep_until(until.into()) => {}
        }
    }
}
