//! What lists of addresses that are barred for a time have in common: a reason, an end, windows by text.

use super::fault::Fault;
use jiff::{SignedDuration, Timestamp};
use maildesk_core::rpc::{MAX_ROWS, RpcError};
use maildesk_core::text::{clean_line, shorten};

/// Characters of a reason at the most.
const LONGEST_REASON: usize = 500;

/// A reason as it is kept.
pub(super) fn reason(text: &str) -> Result<String, Fault> {
    let reason = shorten(&clean_line(text), LONGEST_REASON);
    if reason.is_empty() {
        return Err(RpcError::Rejected("give a reason: people will wonder".into()).into());
    }
    Ok(reason)
}

/// When it ends; absent: when a person ends it.
pub(super) fn expires(days: Option<u32>, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let expires = days.map(|days| now.checked_add(SignedDuration::from_hours(i64::from(days) * 24)));
    Ok(expires.transpose().map_err(|_| RpcError::Rejected("that many days are too many".into()))?)
}

/// The number of rows to read for a window: one more than asked, to know whether there is more.
pub(super) fn to_read(limit: u32) -> usize {
    limit.clamp(1, MAX_ROWS) as usize + 1
}

/// Cuts what was read to what was asked for; also gives the cursor for the rest.
pub(super) fn cut<T>(mut rows: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let more = rows.len() >= to_read(limit);
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(cursor);
    (rows, next)
}
