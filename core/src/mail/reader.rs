//! Reads what the parser found: the header fields here, texts and attachments beside.

use super::headers::{clean_addresses, clean_ids, header_value, null_return_path};
use super::parts::invitations;
use super::sealed::seal;
use super::{Attachment, Header, InboundMail, Limits, MailIssue, NamedAddress, ReturnPath, fold};
use crate::text::clean_line;
use mail_parser::{Address, HeaderName, HeaderValue, Message};
use sha2::{Digest, Sha256};

/// Reads one mail.
pub(super) struct Reader<'x> {
    pub(super) raw: &'x [u8],
    pub(super) limits: &'x Limits,
    pub(super) issues: Vec<MailIssue>,
    /// Files that stood in texts.
    pub(super) unpacked: Vec<Attachment>,
    /// The text of a mail that stands in an envelope of its program.
    pub(super) enclosed_text: Option<String>,
}

impl<'x> Reader<'x> {
    pub(super) fn new(raw: &'x [u8], limits: &'x Limits) -> Self {
        Self { raw, limits, issues: Vec::new(), unpacked: Vec::new(), enclosed_text: None }
    }

    pub(super) fn read(mut self, message: &Message<'x>) -> InboundMail {
        let from = self.authors(message);
        let id = message.message_id().and_then(|id| clean_ids([id], 1).pop());
        if id.is_none() {
            self.issue(MailIssue::NoMessageId);
        }
        let date = self.date(message);
        if date.is_none() {
            self.issue(MailIssue::NoDate);
        }
        let html = self.html(message);
        let mut attachments = self.attachments(message, html.as_ref());
        let (mut text, quotes) = self.text(message, html.as_ref());
        let seal = seal(message);
        if let Some(seal) = seal {
            self.issue(seal.issue());
        }
        if text.trim().is_empty() {
            text = self.enclosed_text.take().or_else(|| Some(seal?.sentence().to_owned())).unwrap_or(text);
        }
        let mut body = fold(&text, &quotes);
        if let Some(told) = invitations(&attachments) {
            body.append(&mut text, &told);
        }
        attachments.append(&mut self.unpacked);
        attachments.truncate(self.limits.attachments);
        let headers = self.headers(message);
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

    pub(super) fn issue(&mut self, issue: MailIssue) {
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

    /// Read from the field alone: within the mail, the parser takes the field below a zone such as `UT` for a part of it.
    fn date(&self, message: &Message<'x>) -> Option<jiff::Timestamp> {
        let field = message.root_part().headers.iter().rfind(|header| header.name == HeaderName::Date)?;
        let value = header_value(self.raw_value(field), self.limits.header_bytes);
        mail_parser::DateTime::parse_rfc822(&value).as_ref().and_then(timestamp)
    }

    pub(super) fn raw_value(&self, header: &mail_parser::Header<'_>) -> &'x [u8] {
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

/// The instant of a date field; `None` for dates outside any calendar.
fn timestamp(date: &mail_parser::DateTime) -> Option<jiff::Timestamp> {
    if !date.is_valid() {
        return None;
    }
    jiff::Timestamp::from_second(date.to_timestamp()).ok()
}
