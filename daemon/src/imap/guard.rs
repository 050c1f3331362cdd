//! Refuses literals and lines over a limit before async-imap allocates for them.
//!
//! A 30-byte line `{500000000}` makes the library take 500 MB. The guard reads along: it knows where lines end and
//! literals begin (RFC 3501 §4.3), and nothing else of IMAP.

use crate::net::{Observer, Seen};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The longest line outside of literals. An answer to SEARCH is one line: this holds more than a million UIDs.
const LINE_MAX: usize = 16 * 1024 * 1024;
/// How much of the connection's very first line is kept, to tell what speaks there.
const HEAD_MAX: usize = 100;
/// How much of a line an observer is shown, in bytes.
const SEEN_MAX: usize = 1000;
/// Longest end of a line that can announce a literal: `{`, 20 digits, `+`, `}`, CR, and some.
const TAIL: usize = 32;

/// A stream that is checked while it is read.
#[derive(Debug)]
pub(super) struct Guard<S> {
    inner: S,
    literal_max: u64,
    literal_left: u64,
    line_length: usize,
    tail: Vec<u8>,
    head: Vec<u8>,
    head_done: bool,
    observer: Observer,
    /// The line under way, for the observer.
    seen: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
enum GuardRefusal {
    #[error("an IMAP literal of {0} bytes is over the limit")]
    Literal(u64),
    #[error("an IMAP line is over the limit")]
    Line,
}

/// True where the guard refused to read on.
pub(super) fn is_guard_refusal(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<GuardRefusal>())
}

impl<S> Guard<S> {
    pub(super) fn new(inner: S, literal_max: u64) -> Self {
        Self {
            inner,
            literal_max,
            literal_left: 0,
            line_length: 0,
            tail: Vec::with_capacity(TAIL),
            head: Vec::new(),
            head_done: false,
            observer: Observer::default(),
            seen: Vec::new(),
        }
    }

    /// Shows an observer each line that is read; literals are passed over.
    pub(super) fn watched(mut self, observer: &Observer) -> Self {
        self.observer = observer.clone();
        self
    }

    /// The largest literal (a mail is one) that is let through, in bytes.
    pub(super) fn set_literal_max(&mut self, bytes: u64) {
        self.literal_max = bytes;
    }

    /// The beginning of the first line that came.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    pub(super) fn get_ref(&self) -> &S {
        &self.inner
    }

    pub(super) fn into_inner(self) -> S {
        self.inner
    }

    fn check(&mut self, mut bytes: &[u8]) -> Result<(), GuardRefusal> {
        while !bytes.is_empty() {
            if self.literal_left > 0 {
                let skipped = usize::try_from(self.literal_left).unwrap_or(usize::MAX).min(bytes.len());
                self.literal_left -= skipped as u64;
                bytes = bytes.get(skipped..).unwrap_or_default();
                continue;
            }
            let (line, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
                Some(end) => bytes.split_at(end + 1),
                None => (bytes, &[][..]),
            };
            self.check_line_part(line)?;
            bytes = rest;
        }
        Ok(())
    }

    /// A piece of a line: to its line feed, or as far as it has come.
    fn check_line_part(&mut self, part: &[u8]) -> Result<(), GuardRefusal> {
        self.line_length += part.len();
        if self.line_length > LINE_MAX {
            return Err(GuardRefusal::Line);
        }
        if !self.head_done {
            self.head.extend(part.iter().take(HEAD_MAX - self.head.len()));
        }
        if self.observer.is_there() {
            self.seen.extend(part.iter().take(SEEN_MAX.saturating_sub(self.seen.len())));
            if part.last() == Some(&b'\n') {
                self.observer.see(Seen::Heard(&String::from_utf8_lossy(&self.seen)));
                self.seen.clear();
            }
        }
        let kept = part.get(part.len().saturating_sub(TAIL)..).unwrap_or_default();
        let surplus = (self.tail.len() + kept.len()).saturating_sub(TAIL).min(self.tail.len());
        self.tail.drain(..surplus);
        self.tail.extend_from_slice(kept);
        if part.last() == Some(&b'\n') {
            if let Some(announced) = announced_literal(&self.tail) {
                if announced > self.literal_max {
                    return Err(GuardRefusal::Literal(announced));
                }
                self.literal_left = announced;
            }
            self.line_length = 0;
            self.tail.clear();
            self.head_done = true;
        }
        Ok(())
    }
}

/// The size in `{123}` or `{123+}` at the end of a line. A number too large for 64 bits counts as the largest.
fn announced_literal(line_end: &[u8]) -> Option<u64> {
    let line = line_end.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = line.strip_suffix(b"}")?;
    let line = line.strip_suffix(b"+").unwrap_or(line);
    let digits = line.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (before, number) = line.split_at(line.len() - digits);
    if digits == 0 || (before.last() != Some(&b'{') && digits < TAIL - 4) {
        return None;
    }
    let number = std::str::from_utf8(number).ok()?;
    Some(number.parse().unwrap_or(u64::MAX))
}

impl<S: AsyncRead + Unpin> AsyncRead for Guard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.inner).poll_read(context, buffer) {
            Poll::Ready(Ok(())) => {
                let fresh = buffer.filled().get(before..).unwrap_or_default();
                Poll::Ready(self.check(fresh).map_err(io::Error::other))
            }
            other => other,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guard<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(pieces: &[&[u8]]) -> Result<(), String> {
        let mut guard = Guard::new((), 1000);
        pieces.iter().try_for_each(|piece| guard.check(piece)).map_err(|error| error.to_string())
    }

    #[test]
    fn literals_over_the_limit_are_refused_wherever_the_bytes_are_cut() {
        let line = b"* 1 FETCH (UID 1 BODY[] {1001}\r\n";
        for cut in 0..line.len() {
            let (head, tail) = line.split_at(cut);
            assert!(outcome(&[head, tail]).is_err(), "cut at {cut}");
        }
        assert!(outcome(&[b"* 1 FETCH (BODY[] {99999999999999999999999999999999999}\r\n"]).is_err());
        assert!(outcome(&[b"* 1 FETCH (BODY[] {1001+}\n"]).is_err());
    }

    #[test]
    fn what_stands_inside_a_literal_is_not_read_as_a_line() {
        let body = b"x {5000}\r\nabcdef\r\n";
        let text = format!("* 1 FETCH (BODY[] {{{}}}\r\n", body.len());
        assert_eq!(outcome(&[text.as_bytes(), body, b" UID 3)\r\n"]), Ok(()));
        assert!(outcome(&[text.as_bytes(), body, b" BODY[1] {5000}\r\n"]).is_err());
    }

    #[test]
    fn endless_lines_are_refused() {
        let mut guard = Guard::new((), 1000);
        let piece = vec![b'x'; 1024 * 1024];
        assert!((0..17).map(|_| guard.check(&piece)).any(|outcome| outcome.is_err()));
    }

    #[test]
    fn the_first_line_is_kept_in_part() {
        let mut guard = Guard::new((), 1000);
        guard.check(b"+OK POP3").unwrap();
        guard.check(b" ready\r\n* later\r\n").unwrap();
        assert_eq!(guard.head(), b"+OK POP3 ready\r\n");
    }
}
