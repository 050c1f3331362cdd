//! SMTP replies read byte by byte, so that nothing stays in a buffer across the TLS switch (RFC 5321 §4.2.1).

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Longest line of a reply that is read, in bytes.
const LINE_MAX: usize = 4096;
/// Most lines of one reply.
const LINES_MAX: usize = 200;

/// A whole reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    /// The text of each line, after code and separator.
    pub(super) lines: Vec<String>,
}

/// What came in place of a reply.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReplyError {
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The beginning of something that is no reply.
    #[error("not an SMTP reply")]
    NotAReply(Vec<u8>),
}

impl Reply {
    /// All lines as one text.
    pub(super) fn words(&self) -> String {
        self.lines.join(" ")
    }
}

/// Reads one reply and not one byte more.
pub(super) async fn read_reply(stream: &mut (impl AsyncRead + Unpin)) -> Result<Reply, ReplyError> {
    let mut lines = Vec::new();
    loop {
        let line = read_line(stream).await?;
        let text = line.strip_suffix(b"\r").unwrap_or(&line);
        let Some((code, last, words)) = split(text) else {
            return Err(ReplyError::NotAReply(line));
        };
        lines.push(words);
        if last {
            return Ok(Reply { code, lines });
        }
        if lines.len() >= LINES_MAX {
            return Err(ReplyError::NotAReply(line));
        }
    }
}

/// A line without its line feed.
async fn read_line(stream: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, ReplyError> {
    let mut line = Vec::new();
    loop {
        match stream.read_u8().await {
            Ok(b'\n') => return Ok(line),
            Ok(byte) => line.push(byte),
            // What stands before a lost connection or a silence may tell what speaks here: a TLS alert has no line end.
            Err(_) if looks_like_tls(&line) => return Err(ReplyError::NotAReply(line)),
            Err(error) => return Err(error.into()),
        }
        if line.len() > LINE_MAX {
            return Err(ReplyError::NotAReply(line));
        }
    }
}

/// True for the head of a TLS record with an alert.
pub(super) fn looks_like_tls(head: &[u8]) -> bool {
    matches!(head, [0x15, 0x03, ..])
}

/// `250-text` or `250 text`: the code, whether this is the last line, the text.
fn split(line: &[u8]) -> Option<(u16, bool, String)> {
    let (code, rest) = line.split_at_checked(3)?;
    let code: u16 = std::str::from_utf8(code).ok()?.parse().ok()?;
    let last = match rest.first() {
        None | Some(b' ') => true,
        Some(b'-') => false,
        Some(_) => return None,
    };
    let words = String::from_utf8_lossy(rest.get(1..).unwrap_or_default()).into_owned();
    (200..600).contains(&code).then_some((code, last, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reply_is_read_to_its_last_line_and_no_further() {
        let mut input = &b"250-mail.example\r\n250-SIZE 1000\r\n250 OK\r\n220 too early"[..];
        let reply = read_reply(&mut input).await.unwrap();
        assert_eq!(reply, Reply { code: 250, lines: vec!["mail.example".into(), "SIZE 1000".into(), "OK".into()] });
        assert_eq!(input, b"220 too early");
    }

    #[tokio::test]
    async fn what_is_no_reply_is_named_so() {
        for input in ["* OK IMAP4rev1\r\n", "HTTP/1.1 400\r\n", "25\r\n", "999 x\r\n", "250_x\r\n"] {
            let outcome = read_reply(&mut input.as_bytes()).await;
            assert!(matches!(outcome, Err(ReplyError::NotAReply(_))), "{input} {outcome:?}");
        }
        let alert = [0x15, 0x03, 0x01, 0, 2, 2, 70];
        assert!(matches!(read_reply(&mut &alert[..]).await, Err(ReplyError::NotAReply(_))));
        assert!(matches!(read_reply(&mut &b"220 cut"[..]).await, Err(ReplyError::Io(_))));
        let endless = "250-x\r\n".repeat(1000);
        assert!(matches!(read_reply(&mut endless.as_bytes()).await, Err(ReplyError::NotAReply(_))));
    }
}
