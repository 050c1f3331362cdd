//! The parts of a mail that are not its body.

use super::attachments::{attachment, message_name};
use super::encoded_words::decode;
use super::headers::clean_ids;
use super::reader::Reader;
use super::{Attachment, MailIssue, SourceHtml, calendar, html_to_text, tnef};
use crate::text::{clean_block, clean_line};
use mail_parser::{HeaderName, Message, MessagePart, MimeHeaders, PartType};

impl<'x> Reader<'x> {
    pub(super) fn attachments(&mut self, message: &Message<'x>, html: Option<&SourceHtml>) -> Vec<Attachment> {
        if message.attachments.len() > self.limits.attachments {
            self.issue(MailIssue::AttachmentsLeftOut);
        }
        let mut found = Vec::new();
        for part in message.attachments().take(self.limits.attachments) {
            if part.is_encoding_problem {
                self.issue(MailIssue::BrokenEncoding);
            }
            let attachment = self.attachment(part, html, found.len() + 1);
            match self.unpack(&attachment) {
                Some(mut files) => found.append(&mut files),
                None => found.push(attachment),
            }
        }
        if found.len() > self.limits.attachments {
            self.issue(MailIssue::AttachmentsLeftOut);
            found.truncate(self.limits.attachments);
        }
        found
    }

    /// What stands in the `winmail.dat` of Outlook and Exchange; `None` if this is none or holds nothing.
    fn unpack(&mut self, envelope: &Attachment) -> Option<Vec<Attachment>> {
        let named = envelope.name.eq_ignore_ascii_case("winmail.dat");
        if !named && !matches!(envelope.content_type.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef") {
            return None;
        }
        let unpacked = tnef::unpacked(&envelope.content, self.limits)?;
        let text = unpacked.text.or_else(|| unpacked.html.as_deref().map(html_to_text));
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            self.enclosed_text.get_or_insert_with(|| clean_block(&text));
        } else if unpacked.files.is_empty() {
            return None;
        }
        let files = unpacked.files.into_iter().enumerate().map(|(at, file)| {
            let kind = file.kind.as_deref().and_then(|kind| kind.split_once('/'));
            let kind = kind.map(|(main, sub)| (main.to_owned(), sub.to_owned()));
            attachment(file.name.as_deref(), kind, false, false, file.content_id, file.content, at + 1)
        });
        Some(files.collect())
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
        let name = self.encoded_name(part).or_else(|| part.attachment_name().map(str::to_owned)).or(subject);
        attachment(name.as_deref(), kind, nested.is_some(), inline, content_id, content.to_vec(), number)
    }

    /// A name in encoded words. RFC 2047 §5 forbids them there, programs write them nevertheless, and cut characters
    /// in two between them.
    fn encoded_name(&self, part: &MessagePart<'_>) -> Option<String> {
        let field = |name: HeaderName<'_>| part.headers.iter().find(|header| header.name == name);
        let fields = [(HeaderName::ContentDisposition, "filename="), (HeaderName::ContentType, "name=")];
        fields.into_iter().find_map(|(name, parameter)| {
            let raw = self.raw_value(field(name)?);
            let value = clean_line(&String::from_utf8_lossy(raw.get(..self.limits.header_bytes).unwrap_or(raw)));
            let (_, quoted) = value.split_once(parameter)?;
            let quoted = quoted.trim_start().strip_prefix('"')?.split('"').next()?;
            quoted.contains("=?").then(|| decode(quoted))
        })
    }
}

/// What the mail's invitations say; they stay attachments as well.
pub(super) fn invitations(attachments: &[Attachment]) -> Option<String> {
    let calendars =
        attachments.iter().filter(|a| matches!(a.content_type.as_str(), "text/calendar" | "application/ics"));
    let mut told: Vec<String> =
        calendars.take(10).filter_map(|a| calendar::told(&String::from_utf8_lossy(&a.content))).collect();
    // Programs send the same invitation twice, as an alternative and as a file.
    told.dedup();
    told.truncate(3);
    (!told.is_empty()).then(|| told.join("\n\n"))
}

fn nested_bytes<'m>(nested: &'m Message<'_>, part: &MessagePart<'_>, raw: &'m [u8]) -> &'m [u8] {
    if part.encoding == mail_parser::Encoding::None {
        raw.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default()
    } else {
        nested.raw_message.as_ref()
    }
}
