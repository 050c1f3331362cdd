//! A request that is repeated after a lost answer does its work once: the answer is kept beside the work.

use super::fault::Fault;
use crate::store::kv::{Read, Transaction};
use crate::store::requests;
use jiff::{SignedDuration, Timestamp};
use maildesk_core::rpc::RequestKey;
use serde::{Serialize, de::DeserializeOwned};

/// How long an answer is kept for a repeated request.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Old answers forgotten with each new one.
const FORGOTTEN_AT_ONCE: usize = 4;

/// The answer to a request of this key that was done before.
pub(super) fn answered<T: DeserializeOwned>(read: &impl Read, key: &RequestKey) -> Result<Option<T>, Fault> {
    let answer = requests::find(read, key)?;
    answer.map(|answer| serde_json::from_slice(&answer).map_err(Fault::inner)).transpose()
}

/// Does `work` unless a request of this key was done before; then gives the answer of that time.
pub(super) fn once<T: Serialize + DeserializeOwned>(
    tx: &mut Transaction<'_>,
    key: &RequestKey,
    now: Timestamp,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    if let Some(answer) = answered(tx, key)? {
        return Ok(answer);
    }
    let answer = work(tx)?;
    requests::put(tx, key, now, &serde_json::to_vec(&answer).map_err(Fault::inner)?)?;
    if let Ok(before) = now.checked_sub(KEPT) {
        requests::prune(tx, before, FORGOTTEN_AT_ONCE)?;
    }
    Ok(answer)
}
