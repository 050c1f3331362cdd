//! `winmail.dat`: what Outlook and Exchange send to those who are not expected (MS-OXTNEF).
//!
//! Attributes of the message, then those of each attachment in turn. Every length is checked against what is there;
//! what is cut off or does not fit ends the reading, and what was read until then counts.

use super::Limits;
use super::charset::decode_charset;
use super::tnef_properties::{self as properties, Property, Value};

const SIGNATURE: u32 = 0x223e_9f78;
/// Envelopes within each other that are opened.
const DEEPEST: usize = 3;

const CODE_PAGE: u32 = 0x0006_9007;
const BODY: u32 = 0x0002_800c;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const ATTACHMENT_BEGINS: u32 = 0x0006_9002;
const ATTACHMENT_TITLE: u32 = 0x0001_8010;
const ATTACHMENT_DATA: u32 = 0x0006_800f;
const ATTACHMENT_PROPERTIES: u32 = 0x0006_9005;

/// What an envelope holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unpacked {
    pub(super) text: Option<String>,
    pub(super) html: Option<String>,
    pub(super) files: Vec<File>,
}

/// A file in an envelope.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) content_id: Option<String>,
    pub(super) content: Vec<u8>,
}

/// Opens an envelope. `None` if the bytes are none.
pub(super) fn unpacked(bytes: &[u8], limits: &Limits) -> Option<Unpacked> {
    open(bytes, limits, DEEPEST)
}

/// Takes from the front of `bytes`.
pub(super) fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

pub(super) fn number(bytes: &mut &[u8]) -> Option<u32> {
    take(bytes, 4).and_then(|four| Some(u32::from_le_bytes(four.try_into().ok()?)))
}

pub(super) fn short(bytes: &mut &[u8]) -> Option<u16> {
    take(bytes, 2).and_then(|two| Some(u16::from_le_bytes(two.try_into().ok()?)))
}

fn open(mut bytes: &[u8], limits: &Limits, deeper: usize) -> Option<Unpacked> {
    if number(&mut bytes)? != SIGNATURE {
        return None;
    }
    short(&mut bytes)?;
    let mut envelope = Envelope { unpacked: Unpacked::default(), code_page: "windows-1252".into(), limits, deeper };
    while let Some((id, value)) = attribute(&mut bytes) {
        if id == ATTACHMENT_BEGINS && envelope.unpacked.files.len() >= limits.attachments {
            break;
        }
        envelope.take(id, value);
    }
    // Objects of other programs and pictures of documents have no content of their own.
    envelope.unpacked.files.retain(|file| !file.content.is_empty());
    Some(envelope.unpacked)
}

/// Level, id, length, value, checksum. The checksum is not looked at: programs get it wrong.
fn attribute<'a>(bytes: &mut &'a [u8]) -> Option<(u32, &'a [u8])> {
    take(bytes, 1)?;
    let id = number(bytes)?;
    let length = usize::try_from(number(bytes)?).ok()?;
    let value = take(bytes, length)?;
    // Missing where the envelope was cut off right behind its last value.
    let _checksum = short(bytes);
    Some((id, value))
}

struct Envelope<'l> {
    unpacked: Unpacked,
    code_page: String,
    limits: &'l Limits,
    deeper: usize,
}

impl Envelope<'_> {
    fn take(&mut self, id: u32, mut value: &[u8]) {
        match id {
            CODE_PAGE => {
                if let Some(page) = number(&mut value) {
                    self.code_page = if page == 65_001 { "utf-8".into() } else { format!("windows-{page}") };
                }
            }
            BODY => self.unpacked.text = Some(self.text(value)),
            MESSAGE_PROPERTIES => {
                for property in properties::read(value) {
                    self.message(&property);
                }
            }
            ATTACHMENT_BEGINS => self.unpacked.files.push(File::default()),
            ATTACHMENT_TITLE => {
                let title = self.text(value);
                self.file(|file| file.name = Some(title));
            }
            ATTACHMENT_DATA => self.file(|file| file.content = value.to_vec()),
            ATTACHMENT_PROPERTIES => {
                for property in properties::read(value) {
                    self.attachment(&property);
                }
            }
            _ => {}
        }
    }

    fn file(&mut self, change: impl FnOnce(&mut File)) {
        if let Some(file) = self.unpacked.files.last_mut() {
            change(file);
        }
    }

    fn message(&mut self, property: &Property<'_>) {
        match property.id {
            0x1000 => self.unpacked.text = self.words(&property.value).or(self.unpacked.text.take()),
            0x1013 => self.unpacked.html = self.words(&property.value).or(self.unpacked.html.take()),
            _ => {}
        }
    }

    fn attachment(&mut self, property: &Property<'_>) {
        match property.id {
            // The long name counts; the short one is the title above.
            0x3707 => {
                let name = self.words(&property.value);
                self.file(|file| file.name = name.or(file.name.take()));
            }
            0x370e => {
                let kind = self.words(&property.value);
                self.file(|file| file.kind = kind);
            }
            0x3712 => {
                let id = self.words(&property.value);
                self.file(|file| file.content_id = id);
            }
            0x3701 => self.content(property),
            _ => {}
        }
    }

    /// A file's bytes, or a mail that is an envelope again, behind the identifier of its interface.
    fn content(&mut self, property: &Property<'_>) {
        let (Value::Bytes(bytes) | Value::Object(bytes)) = property.value else { return };
        let inner = bytes.get(16..).filter(|_| matches!(property.value, Value::Object(_))).unwrap_or(bytes);
        let nested = self.deeper.checked_sub(1).and_then(|deeper| open(inner, self.limits, deeper));
        let Some(nested) = nested else {
            return self.file(|file| file.content = inner.to_vec());
        };
        let text = nested.text.or(nested.html).unwrap_or_default().into_bytes();
        self.file(|file| {
            file.content = text;
            file.kind = Some("text/plain".into());
            file.name = Some(format!("{}.txt", file.name.as_deref().unwrap_or("message")));
        });
        let room = self.limits.attachments.saturating_sub(self.unpacked.files.len());
        // Below the mail that holds them, so that what follows still belongs to that mail's place.
        let at = self.unpacked.files.len().saturating_sub(1);
        self.unpacked.files.splice(at..at, nested.files.into_iter().take(room));
    }

    fn words(&self, value: &Value<'_>) -> Option<String> {
        match value {
            Value::Bytes(bytes) => Some(self.text(bytes)),
            Value::Wide(bytes) => {
                let units =
                    bytes.chunks_exact(2).map(|pair| pair.iter().rev().fold(0, |unit, b| unit << 8 | u16::from(*b)));
                let text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
                Some(text.trim_end_matches('\0').to_owned())
            }
            Value::Object(_) | Value::Other => None,
        }
    }

    fn text(&self, bytes: &[u8]) -> String {
        let bytes = bytes.strip_suffix(b"\0").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => decode_charset(&self.code_page, bytes),
        }
    }
}

#[cfg(test)]
mod tests;
