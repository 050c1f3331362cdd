//! The texts of a mail: which parts are its body, and what they say.

use super::reader::Reader;
use super::{MailIssue, SourceHtml, html_text};
use crate::text::clean_block;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;

impl<'x> Reader<'x> {
    pub(super) fn html(&mut self, message: &Message<'x>) -> Option<SourceHtml> {
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
    pub(super) fn text(&mut self, message: &Message<'x>) -> (String, Vec<html_text::Mark>) {
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
}

fn is_nameless_text(part: &MessagePart<'_>) -> bool {
    let set_apart = part.content_disposition().is_some_and(|d| d.is_attachment());
    matches!(part.body, PartType::Text(_))
        && (part.content_type().is_none() || part.is_content_type("text", "plain"))
        && part.attachment_name().is_none()
        && !set_apart
}
