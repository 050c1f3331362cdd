//! Files of a mail: put into its composed form as it is sent, so that no queue holds their bytes a second time.
//!
//! The composed form ends with room for them: the closing line of its outer multipart, before which each file is a part.

use super::compose::{ComposeError, files_boundary};
use data_encoding::BASE64_MIME;
use lettre::message::Body;
use lettre::message::SinglePart;
use lettre::message::header::{ContentDisposition, ContentTransferEncoding, ContentType};
use maildesk_core::text::{clean_line, shorten};
use maildesk_core::ticket::AttachmentRef;

/// Longest name of a file, in characters.
const NAME_MAX: usize = 150;
/// Characters of base64 in a line (RFC 2045 §6.8), and its end.
const LINE: u64 = 76;
const LINE_END: u64 = 2;

/// How many bytes these files add to a mail.
pub fn bytes_added(message_id: &str, files: &[AttachmentRef]) -> u64 {
    let boundary = files_boundary(message_id).len() as u64;
    let added = |file: &AttachmentRef| {
        let encoded = file.size.div_ceil(3) * 4;
        let lines = encoded.div_ceil(LINE).max(1);
        2 + boundary + LINE_END + head(file).len() as u64 + encoded + lines * LINE_END
    };
    files.iter().map(added).sum()
}

/// The whole mail: its composed form with these files and their bytes, in their order.
///
/// # Errors
/// The composed form has no room for files.
pub fn with_files<'a>(
    composed: &[u8],
    message_id: &str,
    files: impl IntoIterator<Item = (&'a AttachmentRef, Vec<u8>)>,
) -> Result<Vec<u8>, ComposeError> {
    let boundary = files_boundary(message_id);
    let closing = format!("--{boundary}--\r\n");
    let Some(before) = composed.strip_suffix(closing.as_bytes()) else {
        return Err(ComposeError::Build("there is no room for files in it".into()));
    };
    let mut whole = before.to_vec();
    for (file, bytes) in files {
        whole.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        whole.extend_from_slice(&head(file));
        let encoded = BASE64_MIME.encode(&bytes);
        drop(bytes);
        whole.extend_from_slice(if encoded.is_empty() { b"\r\n" } else { encoded.as_bytes() });
    }
    whole.extend_from_slice(closing.as_bytes());
    Ok(whole)
}

/// The header of a file's part, with the empty line behind it.
fn head(file: &AttachmentRef) -> Vec<u8> {
    // A mail or multipart within a part may not be in base64 (RFC 2046 §5.2.1, RFC 2045 §6.4).
    let simple = !file.content_type.starts_with("message/") && !file.content_type.starts_with("multipart/");
    let content_type = Some(clean_line(&file.content_type)).filter(|_| simple);
    let content_type = content_type.and_then(|given| ContentType::parse(&given).ok());
    let unknown = || ContentType::parse("application/octet-stream").unwrap_or(ContentType::TEXT_PLAIN);
    let part = SinglePart::builder()
        .header(content_type.unwrap_or_else(unknown))
        .header(ContentDisposition::attachment(&shorten(&clean_line(&file.name), NAME_MAX)))
        .body(Body::dangerous_pre_encoded(Vec::new(), ContentTransferEncoding::Base64));
    let mut head = part.formatted();
    // What stands behind the header is the end of the empty body.
    head.truncate(head.len().saturating_sub(2));
    head
}

#[cfg(test)]
mod tests {
    use super::super::compose::compose;
    use super::super::compose::tests::mail;
    use super::*;
    use maildesk_core::ids::BlobHash;
    use maildesk_core::mail::{Limits, Parsed, parse};
    use maildesk_core::outbox::mail::OutboundMail;

    fn file(name: &str, content_type: &str, bytes: &[u8]) -> (AttachmentRef, Vec<u8>) {
        let (name, content_type) = (name.to_owned(), content_type.to_owned());
        let (size, blob) = (bytes.len() as u64, BlobHash::of(bytes));
        (AttachmentRef { name, content_type, size, blob, inline: false, content_id: None }, bytes.to_vec())
    }

    #[test]
    fn files_arrive_byte_for_byte_and_their_size_is_known_before() {
        let every: Vec<u8> = (0..=255).collect();
        let files = [
            file("printer.log", "text/plain", b"one\ntwo\r\n.\n"),
            file("\u{dc}bersicht \"M\u{e4}rz\"; 2026.pdf", "application/pdf", &every),
            file(&"long ".repeat(60), "nonsense", &every.repeat(900)),
            file("empty", "image/png", b""),
            file("mail.eml", "message/rfc822", b"Subject: x\n\ny\n"),
            file("57", "application/zip", &every[..57]),
        ];
        for html in [None, Some("<p>Hi</p>".to_owned())] {
            let mail = OutboundMail { carries_files: true, html, ..mail() };
            let composed = compose(&mail).unwrap();
            let list: Vec<AttachmentRef> = files.iter().map(|(file, _)| file.clone()).collect();
            let given = files.iter().map(|(file, bytes)| (file, bytes.clone()));
            let whole = with_files(&composed, &mail.message_id, given).unwrap();
            assert_eq!(whole.len() as u64, composed.len() as u64 + bytes_added(&mail.message_id, &list));
            assert!(whole.is_ascii() && whole.split(|byte| *byte == b'\n').all(|line| line.len() < 999));
            let Parsed::Mail(read) = parse(&whole, &Limits::default()) else { panic!("it is no mail") };
            assert_eq!(read.text.trim(), "Hi");
            let found: Vec<&[u8]> = read.attachments.iter().map(|found| found.content.as_slice()).collect();
            let sent: Vec<&[u8]> = files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
            assert_eq!(found, sent);
            let types: Vec<&str> = read.attachments.iter().map(|found| found.content_type.as_str()).collect();
            let other = "application/octet-stream";
            assert_eq!(types, ["text/plain", "application/pdf", other, "image/png", other, "application/zip"]);
            assert_eq!(read.attachments[0].name, "printer.log");
            assert!(read.attachments[1].name.starts_with("\u{dc}bersicht "), "{}", read.attachments[1].name);
        }
    }

    #[test]
    fn a_mail_without_room_takes_no_files() {
        let composed = compose(&mail()).unwrap();
        let (file, bytes) = file("a", "text/plain", b"a");
        assert!(with_files(&composed, &mail().message_id, [(&file, bytes)]).is_err());
    }
}
