//! Records to bytes and back.

use serde::{Serialize, de::DeserializeOwned};

use crate::store::error::StoreError;

pub(in crate::store) fn encode<T: Serialize>(
    table: &'static str,
    key: &[u8],
    record: &T,
) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(record).map_err(|error| problem(table, key, &error))
}

pub(in crate::store) fn decode<T: DeserializeOwned>(
    table: &'static str,
    key: &[u8],
    bytes: &[u8],
) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|error| problem(table, key, &error))
}

/// serde's own message may quote values, and those are people's mail: only the place is told.
fn problem(table: &'static str, key: &[u8], error: &serde_json::Error) -> StoreError {
    let what = match error.classify() {
        serde_json::error::Category::Io => "it cannot be written",
        serde_json::error::Category::Syntax => "it is not JSON",
        serde_json::error::Category::Data => "a field is missing or has another form",
        serde_json::error::Category::Eof => "it ends too early",
    };
    let problem = format!("{what}, at line {} column {}", error.line(), error.column());
    StoreError::Record { table, key: key.escape_ascii().to_string(), problem }
}
