//! Lines of the daemon's log for scripts.

use jiff::Timestamp;
use maildesk_core::rpc::{LogLevel, LogLine};
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Debug, Serialize)]
pub struct Line {
    schema: &'static str,
    seq: u64,
    at: Timestamp,
    level: LogLevel,
    text: String,
}

const SCHEMA: &str = "maildesk.log/1";

impl From<LogLine> for Line {
    fn from(LogLine { seq, at, level, text }: LogLine) -> Self {
        Self { schema: SCHEMA, seq, at, level, text }
    }
}

/// Says that lines before the next one are no longer held.
pub fn gap() -> Value {
    json!({"schema": SCHEMA, "seq": null, "at": null, "level": null, "text": "gap"})
}
