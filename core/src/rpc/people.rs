//! What travels about people who may not write, and about the keys of reply tokens.

use crate::directory::Block;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Lines of the block list after a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockRows {
    pub rows: Vec<Block>,
    /// Whom to go on behind; absent at the end.
    pub next: Option<String>,
}

/// A key that signs or verifies reply tokens; the key itself never travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKeyRow {
    /// Absent: with the store.
    pub made: Option<Timestamp>,
    /// When the next key took its place; absent: it signs.
    pub replaced: Option<Timestamp>,
}
