//! From raw bytes to a mail, by way of mail-parser, which only this folder knows.

use super::preamble::start;
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
    let start = start(raw);
    let mended = mended(start.mail);
    match PARSER.parse(mended.as_ref()) {
        Some(message) if !message.parts.is_empty() => {
            let mut reader = Reader::new(&mended, limits);
            if matches!(mended, Cow::Owned(_)) {
                reader.issue(MailIssue::BrokenStructure);
            }
            let mut mail = reader.read(&message);
            if let Some(lines) = start.displaced_text(limits.text_bytes) {
                mail.issues.push(MailIssue::BlankLineAboveHeader);
                mail.body.prepend_quoted(&mut mail.text, &lines);
            }
            Parsed::Mail(Box::new(mail))
        }
        _ => Parsed::Mail(Box::new(text_only(start.mail, limits))),
    }
}

/// Bytes without any header: taken whole as text, so that a person sees them.
pub(super) fn text_only(raw: &[u8], limits: &Limits) -> InboundMail {
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
