//! The texts of a mail: which parts are its body, and what they say.

use super::attachments::attachment;
use super::charset::redecoded;
use super::flowed::unflowed;
use super::reader::Reader;
use super::uuencode::{Stretch, stretches};
use super::{MailIssue, SectionKind, SourceHtml, html_text};
use crate::text::clean_block;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{ContentType, Encoding, Message, MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;

impl<'x> Reader<'x> {
    pub(super) fn html(&mut self, message: &Message<'x>) -> Option<SourceHtml> {
        let mut parts = message.html_bodies().filter_map(|part| self.part_text(part, true));
        let mut html = parts.next()?.into_owned();
        for part in parts {
            html.push('\n');
            html.push_str(&part);
        }
        match SourceHtml::new(html, self.limits) {
            Ok(html) => Some(html),
            Err(_) => {
                self.issue(MailIssue::HtmlLeftOut);
                None
            }
        }
    }

    /// The text of the body parts and the ranges of it that the HTML itself marks as quoted.
    pub(super) fn text(&mut self, message: &Message<'x>, html: Option<&SourceHtml>) -> (String, Vec<html_text::Mark>) {
        let (mut text, mut marks) = (String::new(), Vec::new());
        self.append_bodies(message.text_bodies(), &mut text, &mut marks);
        let replaced = text.matches("&nbsp;").count() > 1 && self.has_html(message);
        if !replaced && self.is_stub(&text, message, html) {
            self.append_bodies(message.html_bodies(), &mut text, &mut marks);
        }
        // Programs that made plain text of HTML and left the entities in did not make it for people.
        if text.trim().is_empty() || replaced {
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
                self.append_plain(part, &plain, text, marks);
            }
        }
    }

    /// A text or HTML part's text, by its bytes where they are not what its charset says.
    fn part_text<'m>(&self, part: &'m MessagePart<'_>, html: bool) -> Option<Cow<'m, str>> {
        let text = match (&part.body, html) {
            (PartType::Html(text), true) | (PartType::Text(text), false) => text.as_ref(),
            _ => return None,
        };
        let unreadable = text.contains('\u{fffd}');
        let charset = part.content_type().and_then(|kind| kind.attribute("charset")).unwrap_or_default();
        let utf8 = charset.is_empty() || charset.eq_ignore_ascii_case("utf-8");
        let escapes =
            || charset.is_empty() || charset.get(..8).is_none_or(|head| !head.eq_ignore_ascii_case("iso-2022"));
        let doubtful = unreadable || !utf8 && !text.is_ascii() || text.contains('\u{1b}') && escapes();
        if doubtful && let Some(text) = redecoded(&self.decoded(part)?, unreadable) {
            return Some(Cow::Owned(text));
        }
        Some(Cow::Borrowed(text))
    }

    /// The bytes of a part without their transfer encoding.
    fn decoded(&self, part: &MessagePart<'_>) -> Option<Cow<'x, [u8]>> {
        let raw = self.raw.get(part.offset_body as usize..part.offset_end as usize)?;
        Some(match part.encoding {
            Encoding::None => Cow::Borrowed(raw),
            Encoding::Base64 => Cow::Owned(base64_decode(raw).unwrap_or_default()),
            Encoding::QuotedPrintable => Cow::Owned(quoted_printable_decode(raw).unwrap_or_default()),
        })
    }

    /// Appends plain text with its paragraphs whole. Files that stand in it become attachments; their letters are
    /// folded away, or left out where they are many.
    fn append_plain(
        &mut self,
        part: &MessagePart<'_>,
        plain: &str,
        text: &mut String,
        marks: &mut Vec<html_text::Mark>,
    ) {
        let flowed = part.content_type().filter(|kind| is(kind, "format", "flowed"));
        let room = self.limits.attachments.saturating_sub(self.unpacked.len());
        for stretch in stretches(plain, room) {
            match (stretch, flowed) {
                (Stretch::Prose(prose), Some(kind)) => {
                    text.push_str(&clean_block(&unflowed(prose, is(kind, "delsp", "yes"))));
                }
                (Stretch::Prose(prose), None) => text.push_str(&clean_block(prose)),
                (Stretch::File { source, name, content }, _) => {
                    let (start, number) = (text.len(), self.unpacked.len() + 1);
                    if source.len() <= LONGEST_FILE_IN_TEXT {
                        text.push_str(&clean_block(source));
                    }
                    let range = start..text.len();
                    marks.push(html_text::Mark { range, kind: SectionKind::Quoted, file: true });
                    self.unpacked.push(attachment(Some(name), None, false, false, None, content, number));
                }
            }
        }
    }

    fn has_html(&self, message: &Message<'x>) -> bool {
        message.html_bodies().any(|part| self.part_text(part, true).is_some())
    }

    /// Whether the plain text says less than half of what the HTML says: "please use another program".
    fn is_stub(&self, text: &str, message: &Message<'x>, source: Option<&SourceHtml>) -> bool {
        if text.trim().is_empty() || text.len() > LONGEST_STUB {
            return false;
        }
        let mut parts = message.html_bodies().filter_map(|part| self.part_text(part, true));
        let Some(html) = parts.next().filter(|html| html.len() > text.len() * 4) else { return false };
        let words = |text: &str| text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
        let most = 2 * words(text);
        // Converted only where it could say so much more.
        source.is_none_or(|source| source.most_words() > most)
            && words(&html_text::convert(&html, self.limits.text_bytes).text) > most
    }
}

/// Larger files are left out of the text that they stood in, in bytes.
const LONGEST_FILE_IN_TEXT: usize = 256 << 10;
/// Plain text that is longer is no stub, in bytes.
const LONGEST_STUB: usize = 2_000;

fn is(kind: &ContentType<'_>, parameter: &str, value: &str) -> bool {
    kind.attribute(parameter).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
}

fn is_nameless_text(part: &MessagePart<'_>) -> bool {
    let set_apart = part.content_disposition().is_some_and(|d| d.is_attachment());
    matches!(part.body, PartType::Text(_))
        && (part.content_type().is_none() || part.is_content_type("text", "plain"))
        && part.attachment_name().is_none()
        && !set_apart
}
