//! What stands above a mail's header where nothing should.

use super::bytes::line_at;
use crate::text::clean_block;

/// Where a mail begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Start<'x> {
    /// The mail from its header on.
    pub(super) mail: &'x [u8],
    /// The header, if a blank line stood above it. By RFC 5322 §2.1 such a mail has no header, and these lines are its
    /// text: its fields are believed, and its lines are kept in the text as well, as other programs show them.
    displaced: Option<&'x [u8]>,
}

/// Skips what mbox files and broken programs put above the header: a byte order mark, blank lines, a `From ` line.
/// Blank lines stay where no header of a mail is below them: then they end an empty header.
pub(super) fn start(raw: &[u8]) -> Start<'_> {
    let raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
    let begin = without_blank_lines(raw);
    let mail = without_separator(begin);
    if begin.len() == raw.len() {
        return Start { mail, displaced: None };
    }
    match header(mail) {
        Some(header) => Start { mail, displaced: Some(header) },
        None if mail.len() < begin.len() => Start { mail, displaced: None },
        None => Start { mail: raw, displaced: None },
    }
}

impl Start<'_> {
    /// The lines of a displaced header as a block of text, cut at `longest` bytes.
    pub(super) fn displaced_text(&self, longest: usize) -> Option<String> {
        let lines = self.displaced?;
        Some(clean_block(&String::from_utf8_lossy(lines.get(..longest).unwrap_or(lines))))
    }
}

fn without_blank_lines(mut raw: &[u8]) -> &[u8] {
    while !raw.is_empty() {
        let line = line_at(raw, 0);
        match raw.get(line.len()..) {
            Some(rest) if line.ends_with(b"\n") && line.trim_ascii().is_empty() => raw = rest,
            _ => break,
        }
    }
    raw
}

/// Without the line by which mbox files tell mails apart.
fn without_separator(raw: &[u8]) -> &[u8] {
    if raw.starts_with(b"From ") || raw.starts_with(b">From ") {
        return raw.get(line_at(raw, 0).len()..).unwrap_or_default();
    }
    raw
}

/// Fields that only mails have: their way and their author.
const FIELDS_OF_MAILS: [&[u8]; 5] = [b"received:", b"return-path:", b"delivered-to:", b"from:", b"message-id:"];

/// The lines up to the first blank one, if all of them are fields and some are fields of a mail.
fn header(raw: &[u8]) -> Option<&[u8]> {
    let (mut at, mut of_a_mail) = (0, false);
    while at < raw.len() {
        let line = line_at(raw, at);
        if line.trim_ascii().is_empty() {
            break;
        }
        let folded = at > 0 && line.starts_with(b" ") || line.starts_with(b"\t");
        if !folded && !is_field(line) {
            return None;
        }
        of_a_mail |= FIELDS_OF_MAILS
            .iter()
            .any(|name| line.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)));
        at += line.len();
    }
    raw.get(..at).filter(|_| of_a_mail)
}

/// `name: value` (RFC 5322 §2.2).
pub(super) fn is_field(line: &[u8]) -> bool {
    let name = line.iter().position(|byte| *byte == b':').and_then(|colon| line.get(..colon)).unwrap_or_default();
    !name.is_empty() && name.trim_ascii_end().iter().all(u8::is_ascii_graphic)
}

#[cfg(test)]
mod tests {
    use super::super::tests::mail;
    use super::*;

    #[test]
    fn what_mbox_files_put_above_is_no_part_of_a_mail() {
        for above in ["", "\u{feff}", "From a@b Sat Oct  4 08:00:09 2025\n", ">From a@b\n"] {
            let raw = format!("{above}Subject: x\n\ny");
            assert_eq!(start(raw.as_bytes()), Start { mail: b"Subject: x\n\ny", displaced: None }, "{above:?}");
        }
    }

    #[test]
    fn a_header_below_a_blank_line_is_believed_and_kept_in_the_text() {
        for above in ["\n", "\r\n  \r\n", "\nFrom a@b Sat Oct  4 08:00:09 2025\n"] {
            let read = mail(&format!("{above}From: Ada <a@b.example>\nSubject: x,\n\ty\n\nhello\n"));
            assert_eq!((read.subject.as_str(), read.new_text().as_str()), ("x, y", "hello"), "{above:?}");
            assert_eq!(read.from.as_ref().map(|from| from.address.as_str()), Some("a@b.example"));
            assert_eq!(read.body.folded_text(&read.text), "From: Ada <a@b.example>\nSubject: x,\n\ty");
            assert_eq!(read.text, "From: Ada <a@b.example>\nSubject: x,\n\ty\n\nhello\n");
        }
        let read = mail("\nFrom: a@b.example\nSubject: x\n\n> hello\n");
        assert!(read.body.says_nothing && read.new_text().ends_with("> hello"));
    }

    #[test]
    fn lines_with_colons_below_a_blank_line_are_text() {
        for body in ["Temperature: 20\nDoor: open\n", "From: me\nno field\n\nSubject: x\n", "\n\n"] {
            let read = mail(&format!("\n{body}"));
            assert_eq!((read.subject.as_str(), read.text.trim_end()), ("", body.trim_end()));
            assert!(read.from.is_none(), "{body:?}");
        }
    }
}
