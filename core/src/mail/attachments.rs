//! Attachments with names that are safe everywhere.

use super::Attachment;
use crate::text::clean_line;

/// In bytes: file systems take 255, and a number that tells two files apart needs room.
const LONGEST_NAME: usize = 240;

/// Puts an attachment together; `number` names the nameless.
pub(super) fn attachment(
    name: Option<&str>,
    kind: Option<(String, String)>,
    message: bool,
    inline: bool,
    content_id: Option<String>,
    content: Vec<u8>,
    number: usize,
) -> Attachment {
    let content_type = match kind {
        Some((main, sub)) => token(&main).zip(token(&sub)).map(|(main, sub)| format!("{main}/{sub}")),
        None if message => Some("message/rfc822".to_owned()),
        None => None,
    };
    let content_type = content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    let name = name.and_then(safe_file_name).unwrap_or_else(|| nameless(&content_type, message, number));
    Attachment { name, content_type, inline, content_id, content }
}

/// A file name for a nested mail, from its subject.
pub(super) fn message_name(subject: &str) -> String {
    let subject = clean_line(subject).replace(['/', '\\'], "-");
    if subject.is_empty() { "message.eml".to_owned() } else { format!("{subject}.eml") }
}

/// The last path component without characters that file systems, shells or header fields take amiss. `None` if
/// nothing is left.
pub fn safe_file_name(name: &str) -> Option<String> {
    let name = clean_line(name);
    let last = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty())?;
    let plain: String = last
        .chars()
        .map(|c| if matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*') { '_' } else { c })
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'))
        .collect();
    let plain = plain.trim_matches([' ', '.']);
    // A leading dot hides a file, so it goes too.
    if plain.is_empty() { None } else { Some(shortened(plain)) }
}

/// Cuts long names in the middle of their stem, so that the extension stays. Bytes count: file systems limit them.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST_NAME {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 16 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let end = stem.floor_char_boundary(LONGEST_NAME - extension.len());
    format!("{}{extension}", stem.get(..end).unwrap_or_default())
}

fn token(text: &str) -> Option<String> {
    let plain = text.trim().to_ascii_lowercase();
    let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'+' | b'_');
    (!plain.is_empty() && plain.len() <= 80 && plain.bytes().all(good)).then_some(plain)
}

fn nameless(content_type: &str, message: bool, number: usize) -> String {
    let extension = match content_type {
        _ if message => "eml",
        "message/delivery-status" | "message/disposition-notification" => return "delivery-status.txt".to_owned(),
        "text/rfc822-headers" => return "headers.txt".to_owned(),
        "text/plain" => "txt",
        "text/html" => "html",
        "text/calendar" => "ics",
        "image/jpeg" | "image/jpg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "application/pgp-signature" => return "signature.asc".to_owned(),
        "application/pgp-encrypted" => return "pgp-version.txt".to_owned(),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => return "smime.p7m".to_owned(),
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => return "smime.p7s".to_owned(),
        _ => "bin",
    };
    let stem = if content_type.starts_with("image/") {
        "image"
    } else if message {
        "message"
    } else {
        "attachment"
    };
    format!("{stem}-{number}.{extension}")
}
