//! Mends what keeps the parser from seeing a mail's parts, before it looks. Linear in the mail's size.
//!
//! Programs forget to close inner multiparts before the outer goes on (RFC 2046 §5.1.2 lets the outer delimiter end
//! them), cut mails off, fold a boundary away from its name or do not fold it at all, and declare multiparts that
//! have no parts. A mail that is well formed is only looked at.

use super::bytes::line_at;
use std::borrow::Cow;
use std::ops::Range;

/// Multiparts within each other that are followed; deeper mails are left as they are.
const DEEPEST: usize = 64;

/// The mail as its writer meant it.
pub(super) fn mended(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut scan = Scan { raw, levels: Vec::new(), edits: Vec::new() };
    if scan.run().is_none() || scan.edits.is_empty() {
        return Cow::Borrowed(raw);
    }
    scan.edits.sort_by_key(|edit| edit.range.start);
    let (mut mended, mut done) = (Vec::with_capacity(raw.len() + 200), 0);
    for edit in scan.edits {
        mended.extend_from_slice(raw.get(done..edit.range.start).unwrap_or_default());
        mended.extend_from_slice(&edit.with);
        done = done.max(edit.range.end);
    }
    mended.extend_from_slice(raw.get(done..).unwrap_or_default());
    Cow::Owned(mended)
}

struct Scan<'x> {
    raw: &'x [u8],
    levels: Vec<Level<'x>>,
    edits: Vec<Edit>,
}

/// A multipart that is open.
struct Level<'x> {
    boundary: &'x [u8],
    /// Where its header says `multipart/...`.
    kind: Range<usize>,
    digest: bool,
    /// Its delimiter was met.
    begun: bool,
}

struct Edit {
    range: Range<usize>,
    with: Vec<u8>,
}

/// What a part's header declares.
#[derive(Default)]
struct Head {
    /// The value of `Content-Type`, folds and all.
    kind: Option<Range<usize>>,
    encoded: bool,
}

impl<'x> Scan<'x> {
    /// `None` if the mail is nested too deeply to be followed.
    fn run(&mut self) -> Option<()> {
        let mut at = self.part(0)?;
        if self.levels.is_empty() {
            return Some(());
        }
        while at < self.raw.len() {
            let line = self.line(at);
            let met = line.strip_prefix(b"--").and_then(|rest| self.met(rest.trim_ascii_end()));
            let next = at + line.len();
            at = match met {
                Some((level, closes)) => {
                    self.end_above(level, at);
                    if let Some(level) = self.levels.get_mut(level) {
                        level.begun = true;
                    }
                    if closes {
                        self.levels.truncate(level);
                        next
                    } else {
                        self.part(next)?
                    }
                }
                None => next,
            };
        }
        let open = self.levels.iter().any(|level| level.begun);
        if open && self.raw.last() != Some(&b'\n') {
            self.edits.push(Edit { range: at..at, with: b"\r\n".to_vec() });
        }
        while let Some(level) = self.levels.pop() {
            self.end(&level, at);
        }
        Some(())
    }

    fn line(&self, at: usize) -> &'x [u8] {
        line_at(self.raw, at)
    }

    /// Which level's delimiter this is, and whether it closes it.
    fn met(&self, delimiter: &[u8]) -> Option<(usize, bool)> {
        self.levels.iter().enumerate().rev().find_map(|(at, level)| match delimiter.strip_prefix(level.boundary)? {
            b"" => Some((at, false)),
            b"--" => Some((at, true)),
            _ => None,
        })
    }

    /// Ends the levels above this one, which goes on at `at`.
    fn end_above(&mut self, level: usize, at: usize) {
        while self.levels.len() > level + 1 {
            if let Some(open) = self.levels.pop() {
                self.end(&open, at);
            }
        }
    }

    fn end(&mut self, level: &Level<'x>, at: usize) {
        if level.begun {
            self.edits.push(Edit { range: at..at, with: [b"--", level.boundary, b"--\r\n"].concat() });
        } else {
            // A multipart without parts is a text.
            self.edits.push(Edit { range: level.kind.clone(), with: b"text/plain".to_vec() });
        }
    }

    /// Reads the header of a part, and of the mails that it holds; where its body begins.
    fn part(&mut self, start: usize) -> Option<usize> {
        // In a digest, parts are mails without saying so; the mails in them are not.
        let (mut at, mut implies) = (start, self.levels.last().is_some_and(|level| level.digest));
        loop {
            let (head, body) = self.header(at);
            let implied = head.kind.is_none() && implies && body > at;
            at = body;
            let kind = head.kind.clone().map(|range| self.token(range)).unwrap_or_default();
            let named = |name: &[u8]| self.raw.get(kind.clone()).is_some_and(|found| found.eq_ignore_ascii_case(name));
            let message = implied || named(b"message/rfc822") || named(b"message/global");
            let multipart = self
                .raw
                .get(kind.clone())
                .and_then(|found| found.get(..10))
                .is_some_and(|found| found.eq_ignore_ascii_case(b"multipart/"));
            if multipart && let Some(field) = head.kind {
                let digest = named(b"multipart/digest");
                self.multipart(field, kind, digest)?;
                return Some(at);
            }
            if !message || head.encoded || at >= self.raw.len() {
                return Some(at);
            }
            implies = false;
        }
    }

    fn multipart(&mut self, field: Range<usize>, kind: Range<usize>, digest: bool) -> Option<()> {
        if self.levels.len() >= DEEPEST {
            return None;
        }
        match self.boundary(field.clone()) {
            Some(boundary) => self.levels.push(Level { boundary, kind, digest, begun: false }),
            None if find(self.raw.get(field).unwrap_or_default(), b"boundary").is_none() => {
                self.edits.push(Edit { range: kind, with: b"text/plain".to_vec() });
            }
            None => {}
        }
        Some(())
    }

    /// Reads header fields up to the blank line; where the body begins.
    fn header(&mut self, start: usize) -> (Head, usize) {
        let (mut head, mut at, mut in_kind, mut goes_on) = (Head::default(), start, false, false);
        while at < self.raw.len() {
            let line = self.line(at);
            let end = at + line.len();
            let text = line.trim_ascii_end();
            if text.is_empty() {
                return (head, end);
            }
            // A delimiter ends a header that nothing else ended.
            if text.strip_prefix(b"--").is_some_and(|rest| self.met(rest).is_some()) {
                return (head, at);
            }
            let folded = matches!(line.first(), Some(b' ' | b'\t'));
            let unfolded = in_kind && goes_on && starts(text, b"boundary=");
            if folded || unfolded {
                if unfolded {
                    self.edits.push(Edit { range: at..at, with: b"\t".to_vec() });
                }
                if let Some(kind) = head.kind.as_mut().filter(|_| in_kind) {
                    kind.end = end;
                }
            } else {
                in_kind = head.kind.is_none() && starts(text, b"content-type:");
                if in_kind {
                    head.kind = Some(at + b"content-type:".len()..end);
                }
                if starts(text, b"content-transfer-encoding:") {
                    head.encoded = [&b"base64"[..], b"quoted-printable"].iter().any(|name| find(text, name).is_some());
                }
            }
            goes_on = text.ends_with(b";");
            at = end;
        }
        (head, at)
    }

    /// `type/subtype` at the start of a field's value.
    fn token(&self, field: Range<usize>) -> Range<usize> {
        let value = self.raw.get(field.clone()).unwrap_or_default();
        let space = value.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let length = value.iter().skip(space).take_while(|byte| !byte.is_ascii_whitespace() && **byte != b';').count();
        field.start + space..field.start + space + length
    }

    /// The boundary that a field names. A fold between the name and its value is taken out.
    fn boundary(&mut self, field: Range<usize>) -> Option<&'x [u8]> {
        let value = self.raw.get(field.clone())?;
        let name = find(value, b"boundary=")? + b"boundary=".len();
        let rest = value.get(name..)?;
        let space = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let rest = rest.get(space..)?;
        if space > 0 {
            let start = field.start + name;
            self.edits.push(Edit { range: start..start + space, with: Vec::new() });
        }
        let boundary = match rest.strip_prefix(b"\"") {
            Some(quoted) => quoted.split(|byte| *byte == b'"').next()?,
            None => rest.split(|byte| byte.is_ascii_whitespace() || *byte == b';').next()?,
        };
        let boundary = boundary.trim_ascii_end();
        (!boundary.is_empty() && !boundary.contains(&b'\n')).then_some(boundary)
    }
}

fn starts(text: &[u8], lower: &[u8]) -> bool {
    text.get(..lower.len()).is_some_and(|head| head.eq_ignore_ascii_case(lower))
}

/// Where `lower` stands in `text`, case ignored.
fn find(text: &[u8], lower: &[u8]) -> Option<usize> {
    text.windows(lower.len()).position(|window| window.eq_ignore_ascii_case(lower))
}

#[cfg(test)]
mod tests {
    use super::super::tests::mail;
    use super::mended;
    use std::borrow::Cow;

    const INNER: &str = "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; \
                         boundary=i\n\n--i\nContent-Type: text/plain\n\nyes\n";

    #[test]
    fn an_outer_delimiter_ends_inner_parts() {
        let open = format!("{INNER}--o\nContent-Type: image/png; name=a.png\n\nPNG\n--o--\n");
        let read = mail(&open);
        assert_eq!((read.text.trim_end(), read.attachments[0].name.as_str()), ("yes", "a.png"));
        let closed = format!("{INNER}--i--\n--o\nContent-Type: image/png; name=a.png\n\nPNG\n--o--\n");
        assert!(matches!(mended(closed.as_bytes()), Cow::Borrowed(_)));
        assert_eq!(mail(&closed).attachments, read.attachments);
    }

    #[test]
    fn a_mail_that_was_cut_off_is_decoded_as_far_as_it_goes() {
        let read = mail(
            "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Transfer-Encoding: quoted-printable\n\nf=C3=BCr\n\
             --o\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nUERG",
        );
        assert_eq!((read.text.as_str(), read.attachments[0].content.as_slice()), ("für", &b"PDF"[..]));
    }

    #[test]
    fn boundaries_are_found_however_they_are_folded() {
        for field in ["boundary=\n  \"o\"", "\nboundary=\"o\"", "\n\tBOUNDARY=o; charset=utf-8"] {
            let read = mail(&format!("Content-Type: multipart/mixed;{field}\n\n--o\n\nyes\n--o--\n"));
            assert_eq!((read.text.as_str(), read.attachments.len()), ("yes", 0), "{field:?}");
        }
    }

    #[test]
    fn a_multipart_without_parts_is_a_text() {
        for field in ["multipart/alternative; boundary=none", "multipart/mixed"] {
            let read = mail(&format!("From: a@b.example\nContent-Type: {field}\n\nhello\n"));
            assert_eq!((read.text.trim_end(), read.attachments.len()), ("hello", 0), "{field}");
        }
    }

    #[test]
    fn digests_hold_mails_that_do_not_say_so() {
        let digest =
            "Content-Type: multipart/digest; boundary=o\n\n--o\n\nSubject: a\n\nx\n--o\n--o\n\nSubject: b\n\ny\n";
        let names: Vec<String> = mail(digest).attachments.into_iter().map(|a| a.name).collect();
        assert!(names.contains(&"a.eml".to_owned()) && names.contains(&"b.eml".to_owned()), "{names:?}");
    }

    #[test]
    fn parts_within_messages_are_no_business_of_the_outer_mail() {
        let nested = "Content-Type: multipart/mixed; boundary=o\n\n--o\n\nsee\n--o\nContent-Type: message/rfc822\n\n\
                      Subject: in\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nx\n--o--\n";
        let read = mail(nested);
        assert_eq!((read.text.as_str(), read.attachments[0].name.as_str()), ("see", "in.eml"));
    }
}
