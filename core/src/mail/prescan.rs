//! Finds mails that the parser cannot survive, before it sees them.
//!
//! mail-parser 0.11 overflows the stack when it drops deeply nested messages, which no `catch_unwind` catches, and
//! takes 60 times a mail's size for millions of tiny parts. The count here is one pass without allocation and
//! over-estimates: a refused mail goes to quarantine with its raw bytes, so an over-estimate loses nothing.

use super::Limits;
use super::bytes::contains_ignore_case;

/// Why a mail was not parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Poison {
    #[error("{0} nested messages")]
    NestedMessages(usize),
    #[error("{0} parts")]
    Parts(usize),
    #[error("{0} bytes")]
    TooLarge(usize),
}

/// Refuses what would abort the parser or blow up its memory.
///
/// # Errors
/// [`Poison`] names the limit and what was counted.
pub fn prescan(raw: &[u8], limits: &Limits) -> Result<(), Poison> {
    if raw.len() > limits.raw_bytes {
        return Err(Poison::TooLarge(raw.len()));
    }
    let (mut nested, mut delimiters) = (0, 0);
    for line in raw.split(|b| *b == b'\n') {
        if line.starts_with(b"--") {
            delimiters += 1;
        } else if could_name_message_type(line) {
            nested += 1;
        } else if contains_ignore_case(line, b"multipart/digest") {
            // Parts of a digest are messages without saying so (RFC 2046 §5.1.5).
            nested += 1;
        }
    }
    if nested > limits.nested_messages {
        return Err(Poison::NestedMessages(nested));
    }
    if delimiters > limits.parts {
        return Err(Poison::Parts(delimiters));
    }
    Ok(())
}

/// `Content-Type: message/...` or its folded second line. Base64 lines are skipped fast: they hold no colon,
/// semicolon or leading white space.
fn could_name_message_type(line: &[u8]) -> bool {
    let head = match line.first() {
        Some(b' ' | b'\t' | b'c' | b'C') => true,
        _ => line.contains(&b':'),
    };
    head && contains_ignore_case(line, b"message/")
}
