//! From raw bytes to a mail, by way of mail-parser, which only this folder knows.

use super::reader::Reader;
use super::structure::mended;
use super::{InboundMail, Limits, MailIssue, Parsed, ReturnPath, fold, prescan};
use crate::text::clean_block;
use mail_parser::{HeaderName, MessageParser};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Only the fields that are read by their form are parsed; of all others the place is noted, and their values are read
/// from the raw mail.
static PARSER: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new()
        .with_mime_headers()
        .with_message_ids()
        .header_address(HeaderName::From)
        .header_address(HeaderName::To)
        .header_address(HeaderName::Cc)
        .header_address(HeaderName::ReplyTo)
        .header_address(HeaderName::Sender)
        .header_text(HeaderName::Subject)
        .default_header_ignore()
});

/// Reads a mail. Nothing is an error: what cannot be read is left out and listed in `issues`.
pub fn parse(raw: &[u8], limits: &Limits) -> Parsed {
    if let Err(poison) = prescan(raw, limits) {
        return Parsed::Refused(poison);
    }
    let raw = without_preamble(raw);
    let mended = mended(raw);
    match PARSER.parse(mended.as_ref()) {
        Some(message) if !message.parts.is_empty() => {
            let mut reader = Reader::new(&mended, limits);
            if matches!(mended, Cow::Owned(_)) {
                reader.issue(MailIssue::BrokenStructure);
            }
            Parsed::Mail(Box::new(reader.read(&message)))
        }
        _ => Parsed::Mail(Box::new(text_only(raw, limits))),
    }
}

/// Skips what mbox files and broken relays put above the header: blank lines, a byte order mark, a `From ` line.
fn without_preamble(mut raw: &[u8]) -> &[u8] {
    raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
    // Lines of white space only: an end of header above the header.
    while let Some(end) = raw.iter().position(|b| *b == b'\n').map(|at| at + 1) {
        match raw.split_at_checked(end) {
            Some((line, rest)) if line.trim_ascii().is_empty() => raw = rest,
            _ => break,
        }
    }
    if raw.starts_with(b"From ") || raw.starts_with(b">From ") {
        let end = raw.iter().position(|b| *b == b'\n').map_or(raw.len(), |at| at + 1);
        raw = raw.get(end..).unwrap_or_default();
    }
    raw
}

/// Bytes without any header: taken whole as text, so that a person sees them.
fn text_only(raw: &[u8], limits: &Limits) -> InboundMail {
    let shown = raw.get(..limits.text_bytes).unwrap_or(raw);
    let text = clean_block(&String::from_utf8_lossy(shown));
    let body = fold(&text, &[]);
    InboundMail {
        message_id: None,
        in_reply_to: Vec::new(),
        references: Vec::new(),
        from: None,
        sender: None,
        reply_to: Vec::new(),
        to: Vec::new(),
        cc: Vec::new(),
        return_path: ReturnPath::Absent,
        subject: String::new(),
        date: None,
        headers: Vec::new(),
        text,
        body,
        html: None,
        attachments: Vec::new(),
        issues: vec![MailIssue::NoHeaders, MailIssue::NoFrom, MailIssue::NoMessageId, MailIssue::NoDate],
        content_fingerprint: Sha256::digest(raw).into(),
    }
}
