//! Finds mails that the parser cannot survive, before it sees them.
//!
//! mail-parser 0.11 overflows the stack when it drops deeply nested messages, which no `catch_unwind` catches, and
//! takes 60 times a mail's size for millions of tiny parts. The count here is one pass without allocation and
//! over-estimates: a refused mail goes to quarantine with its raw bytes, so an over-estimate loses nothing.

use super::Limits;

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
    let (mut nested, mut delimiters) = (0, usize::from(raw.starts_with(b"--")));
    let mut line = Line { start: 0, settled: raw.starts_with(b"--"), heads: None };
    for (at, byte) in raw.iter().enumerate() {
        match byte {
            b'\n' => {
                let delimiter = raw.get(at + 1..at + 3) == Some(b"--");
                delimiters += usize::from(delimiter);
                line = Line { start: at + 1, settled: delimiter, heads: None };
            }
            b'/' if !line.settled && line.names_messages(raw, at) => {
                line.settled = true;
                nested += 1;
            }
            _ => {}
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

/// The line that the scan is in.
struct Line {
    start: usize,
    /// A delimiter, or counted already: nothing in it counts any more.
    settled: bool,
    /// Whether it could be a header field or the folded second line of one; looked up once.
    heads: Option<bool>,
}

impl Line {
    /// Whether the slash at `at` is that of `Content-Type: message/...`, or of `multipart/digest`: its parts are
    /// messages without saying so (RFC 2046 §5.1.5).
    fn names_messages(&mut self, raw: &[u8], at: usize) -> bool {
        let before = |word: &[u8]| {
            let start = at.checked_sub(word.len()).filter(|start| *start >= self.start);
            start.and_then(|start| raw.get(start..at)).is_some_and(|found| found.eq_ignore_ascii_case(word))
        };
        if before(b"multipart") {
            return raw.get(at + 1..at + 7).is_some_and(|found| found.eq_ignore_ascii_case(b"digest"));
        }
        let start = self.start;
        before(b"message") && *self.heads.get_or_insert_with(|| could_be_header(raw.get(start..).unwrap_or_default()))
    }
}

fn could_be_header(tail: &[u8]) -> bool {
    match tail.first() {
        Some(b' ' | b'\t' | b'c' | b'C') => true,
        _ => tail.iter().take_while(|b| **b != b'\n').any(|b| *b == b':'),
    }
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
