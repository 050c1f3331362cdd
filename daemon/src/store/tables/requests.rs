//! Answers to requests that changed something, so that a repeated request does its work once.

use jiff::Timestamp;
use maildesk_core::rpc::RequestKey;

use super::prefix::{REQUESTS, REQUESTS_BY_TIME, time_bytes};
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};

/// Time of the answer, and the answer.
type Stored = ([u8; 8], Vec<u8>);

/// The answer that was given.
pub fn find(read: &(impl Read + ?Sized), request: &RequestKey) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(stored(read, request)?.map(|(_, answer)| answer))
}

/// Keeps the answer given at a time.
pub fn put(tx: &mut Transaction<'_>, request: &RequestKey, at: Timestamp, answer: &[u8]) -> Result<(), StoreError> {
    let time = time_bytes(at);
    if let Some((previous, _)) = stored(tx, request)?
        && previous != time
    {
        tx.delete(&index_key(previous, request))?;
    }
    tx.put(&index_key(time, request), &[])?;
    tx.put(&REQUESTS.key(&[&request.0]), &[&time, answer].concat())
}

/// Forgets answers given before a time, to the millisecond, the oldest first, at most `limit`. Gives how many.
pub fn prune(tx: &mut Transaction<'_>, older_than: Timestamp, limit: usize) -> Result<usize, StoreError> {
    let mut pruned = 0;
    for (index, _) in tx.scan(&REQUESTS_BY_TIME.all(), None, limit)? {
        let parts = index.get(1..).and_then(|rest| rest.split_first_chunk::<8>());
        let Some((time, request)) = parts else {
            return Err(rows::unusable(REQUESTS_BY_TIME, &index, "its key is too short"));
        };
        if *time >= time_bytes(older_than) {
            break;
        }
        tx.delete(&REQUESTS.key(&[request]))?;
        tx.delete(&index)?;
        pruned += 1;
    }
    Ok(pruned)
}

fn stored(read: &(impl Read + ?Sized), request: &RequestKey) -> Result<Option<Stored>, StoreError> {
    let key = REQUESTS.key(&[&request.0]);
    let Some(value) = read.get(&key)? else { return Ok(None) };
    match value.split_first_chunk::<8>() {
        Some((time, answer)) => Ok(Some((*time, answer.to_vec()))),
        None => Err(rows::unusable(REQUESTS, &key, "it is too short")),
    }
}

fn index_key(time: [u8; 8], request: &RequestKey) -> Vec<u8> {
    REQUESTS_BY_TIME.key(&[&time, &request.0])
}
