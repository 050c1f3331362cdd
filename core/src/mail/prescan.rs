//! Finds mails that the parser cannot survive, before it sees them.
//!
//! mail-parser 0.11 overflows the stack when it drops deeply nested messages, which no `catch_unwind` catches, and
//! takes 60 times a mail's size for millions of tiny parts. The count here is one pass without allocation and
//! over-estimates: a refused mail goes to quarantine with its raw bytes, so an over-estimate loses nothing.

use super::Limits;
use super::bytes::{find_byte, line_at};

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
    let (mut nested, mut delimiters, mut at) = (0, 0, 0);
    while at < raw.len() {
        let line = line_at(raw, at);
        if line.starts_with(b"--") {
            delimiters += 1;
        } else {
            nested += usize::from(names_messages(line));
        }
        at += line.len();
    }
    if nested > limits.nested_messages {
        return Err(Poison::NestedMessages(nested));
    }
    if delimiters > limits.parts {
        return Err(Poison::Parts(delimiters));
    }
    Ok(())
}

/// Whether a line says `Content-Type: message/...`, or `multipart/digest`: its parts are messages without saying so
/// (RFC 2046 §5.1.5).
fn names_messages(line: &[u8]) -> bool {
    let mut heads = None;
    let mut at = 0;
    while let Some(slash) = line.get(at..).and_then(|rest| find_byte(rest, b'/')) {
        let (before, after) = line.split_at_checked(at + slash).unwrap_or((line, b""));
        at += slash + 1;
        let ends = |word: &[u8]| {
            before
                .len()
                .checked_sub(word.len())
                .and_then(|start| before.get(start..))
                .is_some_and(|end| end.eq_ignore_ascii_case(word))
        };
        let names = match before.last() {
            Some(b't' | b'T') if ends(b"multipart") => {
                after.get(1..7).is_some_and(|found| found.eq_ignore_ascii_case(b"digest"))
            }
            // Whether it could be a header field, or the folded second line of one; looked up once.
            Some(b'e' | b'E') if ends(b"message") => *heads.get_or_insert_with(|| could_be_header(line)),
            _ => false,
        };
        if names {
            return true;
        }
    }
    false
}

fn could_be_header(line: &[u8]) -> bool {
    matches!(line.first(), Some(b' ' | b'\t' | b'c' | b'C')) || find_byte(line, b':').is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_counts_once() {
        let limits = Limits { nested_messages: 0, ..Limits::default() };
        for (line, counts) in [
            ("Content-Type: message/rfc822 message/x", true),
            (" MESSAGE/rfc822", true),
            ("x multiPART/Digest", true),
            ("a message/rfc822", false),
            ("--message/rfc822:", false),
            ("Content-Type: message", false),
        ] {
            let refused = prescan(format!("a\n{line}\nb").as_bytes(), &limits);
            assert_eq!(refused, if counts { Err(Poison::NestedMessages(1)) } else { Ok(()) }, "{line}");
            assert_eq!(prescan(line.as_bytes(), &limits).is_err(), counts, "{line}");
        }
    }
}
