//! mail-parser stands behind this file: the move to its 1.x is a change here and nowhere else.

use super::attachments::{attachment, message_name};
use super::headers::{clean_addresses, clean_ids, header_value, null_return_path};
use super::{
    Attachment, Header, InboundMail, Limits, MailIssue, NamedAddress, Parsed, ReturnPath, SourceHtml, fold, html_text,
    prescan,
};
use crate::text::{clean_block, clean_line};
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Only the fields that are read by their form are parsed; all others stay raw, which halves the time.
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
        .header_date(HeaderName::Date)
        .default_header_raw()
});

/// Reads a mail. Nothing is an error: what cannot be read is left out and listed in `issues`.
pub fn parse(raw: &[u8], limits: &Limits) -> Parsed {
    if let Err(poison) = prescan(raw, limits) {
        return Parsed::Refused(poison);
    }
    let raw = without_preamble(raw);
    match PARSER.parse(raw) {
        Some(message) if !message.parts.is_empty() => Parsed::Mail(Box::new(Reader::new(raw, limits).read(&message))),
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

struct Reader<'x> {
    raw: &'x [u8],
    limits: &'x Limits,
    issues: Vec<MailIssue>,
}

impl<'x> Reader<'x> {
    fn new(raw: &'x [u8], limits: &'x Limits) -> Self {
        Self { raw, limits, issues: Vec::new() }
    }

    fn read(mut self, message: &Message<'x>) -> InboundMail {
        let from = self.authors(message);
        let id = message.message_id().and_then(|id| clean_ids([id], 1).pop());
        if id.is_none() {
            self.issue(MailIssue::NoMessageId);
        }
        let date = message.date().and_then(timestamp);
        if date.is_none() {
            self.issue(MailIssue::NoDate);
        }
        let html = self.html(message);
        let attachments = self.attachments(message, html.as_ref());
        let (text, quotes) = self.text(message);
        let body = fold(&text, &quotes);
        let headers = self.headers(message);
        if message.root_part().content_type().is_some_and(is_encrypted) {
            self.issue(MailIssue::Encrypted);
        }
        InboundMail {
            message_id: id,
            in_reply_to: self.ids(message.in_reply_to()),
            references: self.ids(message.references()),
            from,
            sender: self.addresses(message.sender()).into_iter().next(),
            reply_to: self.addresses(message.reply_to()),
            to: self.addresses(message.to()),
            cc: self.addresses(message.cc()),
            return_path: self.return_path(message),
            subject: self.subject(message),
            date,
            headers,
            text,
            body,
            html,
            attachments,
            content_fingerprint: self.fingerprint(message),
            issues: self.issues,
        }
    }

    fn issue(&mut self, issue: MailIssue) {
        if !self.issues.contains(&issue) {
            self.issues.push(issue);
        }
    }

    fn authors(&mut self, message: &Message<'x>) -> Option<NamedAddress> {
        let mut fields = message.root_part().headers.iter().filter(|h| h.name == HeaderName::From);
        let first = fields.next().and_then(|h| h.value.as_address());
        if fields.next().is_some() {
            self.issue(MailIssue::SeveralFrom);
        }
        let from = self.addresses(first).into_iter().next();
        if from.is_none() {
            self.issue(MailIssue::NoFrom);
        }
        from
    }

    fn addresses(&mut self, field: Option<&Address<'x>>) -> Vec<NamedAddress> {
        let pairs: Vec<(Option<&str>, Option<&str>)> = match field {
            None => return Vec::new(),
            Some(Address::List(list)) => list.iter().map(|a| (a.name.as_deref(), a.address.as_deref())).collect(),
            Some(Address::Group(groups)) => groups
                .iter()
                .flat_map(|g| g.addresses.iter())
                .map(|a| (a.name.as_deref(), a.address.as_deref()))
                .collect(),
        };
        if pairs.len() > self.limits.addresses {
            self.issue(MailIssue::HeadersCut);
        }
        clean_addresses(&pairs, self.limits.addresses)
    }

    fn ids(&self, value: &HeaderValue<'x>) -> Vec<String> {
        match value {
            HeaderValue::Text(id) => clean_ids([id.as_ref()], self.limits.addresses),
            HeaderValue::TextList(ids) => clean_ids(ids.iter().map(AsRef::as_ref), self.limits.addresses),
            _ => Vec::new(),
        }
    }

    /// The last subject counts, as for the parser's other single fields.
    fn subject(&self, message: &Message<'x>) -> String {
        let field = message.root_part().headers.iter().rfind(|h| h.name == HeaderName::Subject);
        field.map(|field| header_value(self.raw_value(field), self.limits.header_bytes)).unwrap_or_default()
    }

    fn raw_value(&self, header: &mail_parser::Header<'x>) -> &'x [u8] {
        self.raw.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default()
    }

    fn return_path(&self, message: &Message<'x>) -> ReturnPath {
        let Some(header) = message.root_part().headers.iter().find(|h| h.name == HeaderName::ReturnPath) else {
            return ReturnPath::Absent;
        };
        let value = header_value(self.raw_value(header), self.limits.header_bytes);
        if null_return_path(&value) {
            return ReturnPath::Null;
        }
        match clean_addresses(&[(None, Some(value.trim_matches(['<', '>', ' '])))], 1).pop() {
            Some(address) => ReturnPath::Address(address.address),
            None => ReturnPath::Absent,
        }
    }

    fn headers(&mut self, message: &Message<'x>) -> Vec<Header> {
        let fields = &message.root_part().headers;
        if fields.len() > self.limits.headers {
            self.issue(MailIssue::HeadersCut);
        }
        let mut headers = Vec::with_capacity(fields.len().min(self.limits.headers));
        for field in fields.iter().take(self.limits.headers) {
            let raw = self.raw_value(field);
            if raw.len() > self.limits.header_bytes {
                self.issue(MailIssue::HeadersCut);
            }
            headers.push(Header {
                name: clean_line(field.name.as_str()),
                value: header_value(raw, self.limits.header_bytes),
            });
        }
        headers
    }

    fn html(&mut self, message: &Message<'x>) -> Option<SourceHtml> {
        let mut parts = message.html_bodies().filter_map(|part| self.part_text(part, true)).peekable();
        parts.peek()?;
        let html: Vec<Cow<'_, str>> = parts.collect();
        match SourceHtml::new(&html.join("\n"), self.limits) {
            Ok(html) => Some(html),
            Err(_) => {
                self.issue(MailIssue::HtmlLeftOut);
                None
            }
        }
    }

    /// The text of the body parts and the ranges of it that the HTML itself marks as quoted.
    fn text(&mut self, message: &Message<'x>) -> (String, Vec<html_text::Mark>) {
        let (mut text, mut marks) = (String::new(), Vec::new());
        self.append_bodies(message.text_bodies(), &mut text, &mut marks);
        if text.trim().is_empty() {
            text.clear();
            marks.clear();
            self.append_bodies(message.html_bodies(), &mut text, &mut marks);
        }
        // Broken structures leave a mail without a body, and its text among the attachments.
        if text.trim().is_empty() {
            text.clear();
            marks.clear();
            self.append_bodies(message.attachments().filter(|part| is_nameless_text(part)), &mut text, &mut marks);
        }
        if text.len() > self.limits.text_bytes {
            self.issue(MailIssue::TextCut);
            let end = text.floor_char_boundary(self.limits.text_bytes);
            text.truncate(end);
        }
        (text, marks)
    }

    fn append_bodies<'m>(
        &mut self,
        parts: impl Iterator<Item = &'m MessagePart<'m>>,
        text: &mut String,
        marks: &mut Vec<html_text::Mark>,
    ) {
        for part in parts {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            if part.is_encoding_problem {
                self.issue(MailIssue::BrokenEncoding);
            }
            if let Some(html) = self.part_text(part, true) {
                let converted = html_text::convert(&html, self.limits.text_bytes);
                let base = text.len();
                marks.extend(converted.marks.into_iter().map(|m| m.moved(base)));
                text.push_str(&converted.text);
            } else if let Some(plain) = self.part_text(part, false) {
                text.push_str(&clean_block(&plain));
            }
        }
    }

    /// A text or HTML part's text. Bytes that are not what their charset says are read as Windows-1252, the
    /// usual truth about undeclared 8-bit mail.
    fn part_text<'m>(&self, part: &'m MessagePart<'_>, html: bool) -> Option<Cow<'m, str>> {
        let text = match (&part.body, html) {
            (PartType::Html(text), true) | (PartType::Text(text), false) => text.as_ref(),
            _ => return None,
        };
        if text.contains('\u{fffd}')
            && part.encoding == mail_parser::Encoding::None
            && let Some(raw) = self.raw.get(part.offset_body as usize..part.offset_end as usize)
            && std::str::from_utf8(raw).is_err()
            && let Some(decode) = charset_decoder(b"windows-1252")
        {
            return Some(Cow::Owned(decode(raw)));
        }
        Some(Cow::Borrowed(text))
    }

    fn attachments(&mut self, message: &Message<'x>, html: Option<&SourceHtml>) -> Vec<Attachment> {
        if message.attachments.len() > self.limits.attachments {
            self.issue(MailIssue::AttachmentsLeftOut);
        }
        let mut found = Vec::new();
        for part in message.attachments().take(self.limits.attachments) {
            if part.is_encoding_problem {
                self.issue(MailIssue::BrokenEncoding);
            }
            found.push(self.attachment(part, html, found.len() + 1));
        }
        found
    }

    fn attachment(&self, part: &MessagePart<'_>, html: Option<&SourceHtml>, number: usize) -> Attachment {
        let kind =
            part.content_type().map(|ct| (ct.ctype().to_owned(), ct.subtype().unwrap_or("octet-stream").to_owned()));
        let nested = match &part.body {
            PartType::Message(nested) => Some(nested),
            _ => None,
        };
        let content = match (&part.body, nested) {
            (_, Some(nested)) => nested_bytes(nested, part, self.raw),
            (PartType::Text(text) | PartType::Html(text), _) => text.as_bytes(),
            (PartType::Binary(bytes) | PartType::InlineBinary(bytes), _) => bytes.as_ref(),
            _ => &[],
        };
        let content_id = part.content_id().and_then(|id| clean_ids([id], 1).pop());
        let said_inline =
            part.content_disposition().is_some_and(|d| d.is_inline()) || matches!(part.body, PartType::InlineBinary(_));
        let inline = nested.is_none()
            && !part.content_disposition().is_some_and(|d| d.is_attachment())
            && (said_inline || content_id.as_deref().is_some_and(|id| html.is_some_and(|h| h.refers_to(id))));
        let subject = nested.and_then(|n| n.subject()).map(message_name);
        let name = part.attachment_name().map(str::to_owned).or(subject);
        attachment(name.as_deref(), kind, nested.is_some(), inline, content_id, content.to_vec(), number)
    }

    fn fingerprint(&self, message: &Message<'x>) -> [u8; 32] {
        let mut hash = Sha256::new();
        let fields = &message.root_part().headers;
        for name in [HeaderName::MessageId, HeaderName::From, HeaderName::Date, HeaderName::Subject] {
            for field in fields.iter().filter(|h| h.name == name) {
                let value = self.raw_value(field);
                hash.update((value.len() as u64).to_be_bytes());
                hash.update(value);
            }
            hash.update([0xff]);
        }
        hash.update(self.raw.get(message.root_part().offset_body as usize..).unwrap_or_default());
        hash.finalize().into()
    }
}

fn is_nameless_text(part: &MessagePart<'_>) -> bool {
    let set_apart = part.content_disposition().is_some_and(|d| d.is_attachment());
    matches!(part.body, PartType::Text(_))
        && part.is_content_type("text", "plain")
        && part.attachment_name().is_none()
        && !set_apart
}

fn nested_bytes<'m>(nested: &'m Message<'_>, part: &MessagePart<'_>, raw: &'m [u8]) -> &'m [u8] {
    if part.encoding == mail_parser::Encoding::None {
        raw.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default()
    } else {
        nested.raw_message.as_ref()
    }
}

fn is_encrypted(kind: &mail_parser::ContentType<'_>) -> bool {
    let subtype = kind.subtype().unwrap_or_default();
    kind.ctype().eq_ignore_ascii_case("multipart") && subtype.eq_ignore_ascii_case("encrypted")
        || kind.ctype().eq_ignore_ascii_case("application")
            && (subtype.eq_ignore_ascii_case("pkcs7-mime") || subtype.eq_ignore_ascii_case("x-pkcs7-mime"))
            && kind.attribute("smime-type").is_none_or(|t| !t.eq_ignore_ascii_case("signed-data"))
}

/// Bytes read by the charset of this name, or as UTF-8 where the name is unknown.
pub(super) fn decode_charset(charset: &str, bytes: &[u8]) -> String {
    match charset_decoder(charset.trim().as_bytes()) {
        Some(decode) => decode(bytes),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Appends what an HTML entity (`&...;`) stands for.
pub(super) fn push_entity(entity: &str, out: &mut String) {
    mail_parser::decoders::html::add_html_token(out, entity.as_bytes(), false);
}

/// The instant of a date field; `None` for dates outside any calendar.
fn timestamp(date: &mail_parser::DateTime) -> Option<jiff::Timestamp> {
    if !date.is_valid() {
        return None;
    }
    jiff::Timestamp::from_second(date.to_timestamp()).ok()
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
