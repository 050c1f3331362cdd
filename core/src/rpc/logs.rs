//! The newest lines of the daemon's log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How much a line matters, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    Error,
    Warning,
    #[default]
    Info,
}

/// One line: its words and fields, cleaned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// Rises from line to line, over restarts too.
    pub seq: u64,
    pub at: Timestamp,
    pub level: LogLevel,
    pub text: String,
}

/// Which lines are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogQuery {
    /// Lines behind this one, the oldest first; absent: the newest lines.
    pub after: Option<u64>,
    /// Lines of this level and worse.
    pub level: LogLevel,
    pub limit: u32,
}

/// Lines in their order, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogPart {
    pub lines: Vec<LogLine>,
    /// What to ask for next.
    pub next: u64,
    /// Lines behind `after` are no longer kept: something was missed.
    pub missed: bool,
}
