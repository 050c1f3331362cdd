//! A mail that cannot be taken apart, as one that can: what its header says, a text that says what it is, and the mail
//! itself for an attachment.

use super::attachments::{attachment, message_name};
use super::bytes::line_at;
use super::headers::header_value;
use super::preamble::{is_field, start};
use super::{Header, InboundMail, Limits, MailIssue, Parsed, parse};

/// First bytes of a mail in which its header is read.
pub const HEAD_BYTES: usize = 64 << 10;

/// Reads the header of a mail as far as it can be read. `head` are its first bytes, [`HEAD_BYTES`] are enough; `why`
/// says what keeps the mail from being read, `size` are its bytes, `fingerprint` names its content. The content of the
/// one attachment is the mail as it came, which the caller has and this does not.
pub fn attached_whole(head: &[u8], why: &str, size: u64, fingerprint: [u8; 32], limits: &Limits) -> InboundMail {
    let head = head.get(..HEAD_BYTES).unwrap_or(head);
    let (mut fields, kind) = readable_fields(start(head).mail);
    let told = format!("\nThis mail of {size} bytes is attached as it came; it was not taken apart: {why}.\n");
    fields.extend_from_slice(told.as_bytes());
    let parsed = match parse(&fields, limits) {
        Parsed::Refused(_) => parse(told.as_bytes(), limits),
        parsed @ Parsed::Mail(_) => parsed,
    };
    let mut mail = match parsed {
        Parsed::Mail(mail) => *mail,
        Parsed::Refused(_) => super::parse::text_only(told.as_bytes(), limits),
    };
    let kept = Some(("message".to_owned(), "rfc822".to_owned()));
    mail.attachments = vec![attachment(Some(&message_name(&mail.subject)), kept, true, false, None, Vec::new(), 1)];
    if mail.subject.trim().is_empty() {
        mail.subject = "A mail that could not be read".to_owned();
    }
    // Bounces and reports are known by it.
    if let Some(value) = kind {
        mail.headers.push(Header { name: "Content-Type".to_owned(), value: header_value(&value, limits.header_bytes) });
    }
    mail.issues.push(MailIssue::AttachedWhole);
    mail.content_fingerprint = fingerprint;
    mail
}

/// The fields of a header but for those that say how the mail is put together, and the value of its `Content-Type`.
fn readable_fields(raw: &[u8]) -> (Vec<u8>, Option<Vec<u8>>) {
    let (mut fields, mut kind, mut at, mut to) = (Vec::new(), None, 0, Field::LeftOut);
    while at < raw.len() {
        let line = line_at(raw, at);
        at += line.len();
        // A line that is cut off could be read for another.
        if line.trim_ascii().is_empty() || !line.ends_with(b"\n") {
            break;
        }
        let folded = line.starts_with(b" ") || line.starts_with(b"\t");
        if !folded {
            to = Field::of(line);
        }
        match to {
            Field::Kept => fields.extend_from_slice(line),
            Field::Kind if folded => kind.get_or_insert_with(Vec::new).extend_from_slice(line),
            Field::Kind if kind.is_none() => kind = line.get(CONTENT_TYPE.len()..).map(<[u8]>::to_vec),
            Field::Kind | Field::LeftOut => {}
        }
    }
    (fields, kind)
}

/// Where a field goes, and the lines that are folded into it.
enum Field {
    Kept,
    Kind,
    LeftOut,
}

const CONTENT_TYPE: &[u8] = b"content-type:";

impl Field {
    fn of(line: &[u8]) -> Self {
        let begins = |name: &[u8]| line.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        if begins(CONTENT_TYPE) {
            Self::Kind
        } else if begins(b"content-") || begins(b"mime-version:") || !is_field(line) {
            Self::LeftOut
        } else {
            Self::Kept
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(head: &[u8]) -> InboundMail {
        attached_whole(head, "20001 parts", 5, [7; 32], &Limits::default())
    }

    #[test]
    fn the_header_is_read_and_the_mail_attached() {
        let head = "From a@b Sat Oct  4 08:00:09 2025\nFrom: =?utf-8?Q?J=C3=B6rg?= <j@b.example>\nContent-Type: \
                    multipart/report;\n boundary=x\nContent-Transfer-Encoding: base64\nno field\n folded\nSubject: \
                    a/b\n\tc\nMessage-ID: <1@b>\n\n--x\n\nbody";
        let mail = wrapped(head.as_bytes());
        assert_eq!(mail.from.and_then(|from| from.name).as_deref(), Some("Jörg"));
        assert_eq!((mail.subject.as_str(), mail.message_id.as_deref()), ("a/b c", Some("1@b")));
        assert_eq!(
            mail.text.trim(),
            "This mail of 5 bytes is attached as it came; it was not taken apart: 20001 parts."
        );
        let [attached] = mail.attachments.as_slice() else { panic!("{:?}", mail.attachments) };
        assert_eq!((attached.name.as_str(), attached.content_type.as_str()), ("a-b c.eml", "message/rfc822"));
        let kind = mail.headers.iter().find(|header| header.name == "Content-Type").unwrap();
        assert_eq!(kind.value, "multipart/report; boundary=x");
        assert!(mail.content_fingerprint == [7; 32] && mail.issues.contains(&MailIssue::AttachedWhole));
    }

    #[test]
    fn without_a_header_its_subject_says_what_it_is() {
        let dashes = "--\n".repeat(40_000);
        let parts = "X-A: message/rfc822\n".repeat(3_000);
        for head in
            [&b""[..], b"\n\n\n", b"\xff\x00\x01 garbage", b"From: cut@off.exam", dashes.as_bytes(), parts.as_bytes()]
        {
            let mail = wrapped(head);
            assert!(mail.from.is_none() && mail.text.contains("attached as it came"), "{:?}", mail.text);
            assert_eq!((mail.subject.as_str(), mail.attachments.len()), ("A mail that could not be read", 1));
            assert_eq!(mail.attachments[0].name, "message.eml");
        }
    }
}
