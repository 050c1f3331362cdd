//! What scripts rely on: one envelope, and stable shapes of our own. Ids are numbers, times RFC 3339 in UTC,
//! states words. A field is never taken away or given another meaning without a new number in the schema.

pub mod check;
pub mod directory;
pub mod event;
pub mod filter;
pub mod invitation;
pub mod log;
pub mod macros;
pub mod mail;
pub mod outbox;
pub mod sla;
pub mod status;
pub mod ticket;

use serde::Serialize;

/// The one object of an answer.
#[derive(Debug, Serialize)]
pub struct Envelope<'a, T> {
    /// Such as `maildesk.ticket.list/1`.
    pub schema: &'static str,
    pub data: &'a T,
    pub warnings: &'a [String],
    /// The cursor for `--after`, where there is more.
    pub next: Option<u64>,
}

/// The document on one line. Characters that a terminal would take as commands or that turn the direction of text
/// stand as `\u` escapes, which mean the same in JSON.
pub fn to_line<T: Serialize>(document: &T) -> String {
    // Our own types with string keys always become JSON; an empty object is the honest answer if they did not.
    let plain = serde_json::to_string(document).unwrap_or_else(|_| "{}".into());
    let mut line = String::with_capacity(plain.len() + 1);
    for c in plain.chars() {
        match c {
            '\u{7f}'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                line.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => line.push(c),
        }
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_safe_and_lossless() {
        let text = "a\x1b[31m\u{9b}2J\u{202e}\u{2066}\x7f\nü";
        let line = to_line(&text);
        assert_eq!(line, "\"a\\u001b[31m\\u009b2J\\u202e\\u2066\\u007f\\nü\"\n");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
    }
}
