//! What all tables share: records under keys, windows of records, windows through an index.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::prefix::Table;
use crate::store::error::StoreError;
use crate::store::kv::{Entry, Read, Transaction};
use crate::store::record::{decode, encode};

/// The record under `key`, as `R` on disk and `T` outside.
pub(super) fn load<R: DeserializeOwned, T: From<R>>(
    read: &(impl Read + ?Sized),
    table: Table,
    key: &[u8],
) -> Result<Option<T>, StoreError> {
    match read.get(key)? {
        Some(bytes) => decode::<R>(table.name, key, &bytes).map(|record| Some(T::from(record))),
        None => Ok(None),
    }
}

pub(super) fn save<R: Serialize>(
    tx: &mut Transaction<'_>,
    table: Table,
    key: &[u8],
    record: &R,
) -> Result<(), StoreError> {
    let bytes = encode(table.name, key, record)?;
    tx.put(key, &bytes)
}

/// As [`save`], under a key that never had a value.
pub(super) fn add<R: Serialize>(
    tx: &mut Transaction<'_>,
    table: Table,
    key: &[u8],
    record: &R,
) -> Result<(), StoreError> {
    let bytes = encode(table.name, key, record)?;
    tx.put_new(key, &bytes)
}

/// The records of a window.
pub(super) fn all<R: DeserializeOwned, T: From<R>>(table: Table, window: Vec<Entry>) -> Result<Vec<T>, StoreError> {
    window.iter().map(|(key, bytes)| decode::<R>(table.name, key, bytes).map(T::from)).collect()
}

/// A window of a table whose keys are numbers, the highest first.
pub(super) fn newest<R: DeserializeOwned, T: From<R>>(
    read: &(impl Read + ?Sized),
    table: Table,
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<T>, StoreError> {
    let before = before.map(|number| table.number(number));
    all::<R, T>(table, read.scan_back(&table.all(), before.as_deref(), limit)?)
}

/// A window of a table whose keys are numbers, the lowest first.
pub(super) fn oldest<R: DeserializeOwned, T: From<R>>(
    read: &(impl Read + ?Sized),
    table: Table,
    after: Option<u64>,
    limit: usize,
) -> Result<Vec<T>, StoreError> {
    let after = after.map(|number| table.number(number));
    all::<R, T>(table, read.scan(&table.all(), after.as_deref(), limit)?)
}

/// From which end a window is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    Newest,
    Oldest,
}

/// A window through an index whose keys are `prefix` and a number, from one end on, behind the number `past` where it is
/// given. `fetch` gives nothing for what has moved out of this part of the index since it was read; such rows are
/// skipped and the window is filled up.
pub(super) fn of_index<T>(
    read: &(impl Read + ?Sized),
    (index, prefix): (Table, &[u8]),
    (end, past): (End, Option<u64>),
    limit: usize,
    fetch: impl Fn(u64) -> Result<Option<T>, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut rows = Vec::new();
    let mut past = past.map(|number| [prefix, &number.to_be_bytes()].concat());
    while rows.len() < limit {
        let wanted = limit - rows.len();
        let window = match end {
            End::Newest => read.scan_back(prefix, past.as_deref(), wanted)?,
            End::Oldest => read.scan(prefix, past.as_deref(), wanted)?,
        };
        for (key, _) in &window {
            rows.extend(fetch(last_number(index, key)?)?);
        }
        if window.len() < wanted {
            break;
        }
        past = window.into_iter().next_back().map(|(key, _)| key);
    }
    Ok(rows)
}

/// The number that a key ends with.
pub(super) fn last_number(table: Table, key: &[u8]) -> Result<u64, StoreError> {
    match key.last_chunk::<8>() {
        Some(bytes) => Ok(u64::from_be_bytes(*bytes)),
        None => Err(unusable(table, key, "its key is too short")),
    }
}

/// The number that is stored under `key`.
pub(super) fn number(read: &(impl Read + ?Sized), table: Table, key: &[u8]) -> Result<Option<u64>, StoreError> {
    match read.get(key)? {
        Some(bytes) => number_of(table, key, &bytes).map(Some),
        None => Ok(None),
    }
}

pub(super) fn number_of(table: Table, key: &[u8], value: &[u8]) -> Result<u64, StoreError> {
    match <[u8; 8]>::try_from(value) {
        Ok(bytes) => Ok(u64::from_be_bytes(bytes)),
        Err(_) => Err(unusable(table, key, "it is not a number of 8 bytes")),
    }
}

pub(super) fn unusable(table: Table, key: &[u8], problem: &str) -> StoreError {
    StoreError::Record { table: table.name, key: key.escape_ascii().to_string(), problem: problem.to_owned() }
}
