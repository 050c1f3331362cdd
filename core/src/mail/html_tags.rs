//! Splits HTML into text and tags in one linear pass: no tree, so no depth that could cost time or stack.

use super::bytes::find_byte;

/// A piece of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    /// A start tag with the raw text of its attributes.
    Open {
        name: &'a str,
        attributes: &'a str,
    },
    Close {
        name: &'a str,
    },
    /// What stands in elements that hold no markup: scripts, styles, titles.
    Hidden(&'a str),
}

/// Elements whose content is not markup and not text to read.
const RAW: [&str; 8] = ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];

/// All pieces of the HTML in order.
pub(super) struct Pieces<'a> {
    rest: &'a str,
    /// The start tag of this element was the last piece; its content comes next.
    raw: Option<&'static str>,
    /// No comment ends from here on; looking again for each would cost quadratic time.
    comments_stay_open: bool,
}

impl<'a> Pieces<'a> {
    pub(super) fn of(html: &'a str) -> Self {
        Self { rest: html, raw: None, comments_stay_open: false }
    }

    fn take(&mut self, end: usize) -> &'a str {
        let (piece, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        piece
    }

    /// Up to the closing tag of `name`, or to the end if there is none.
    fn hidden(&mut self, name: &str) -> &'a str {
        let bytes = self.rest.as_bytes();
        let closes = |at: &usize| {
            let tail = bytes.get(at + 2..at + 2 + name.len());
            bytes.get(at + 1) == Some(&b'/') && tail.is_some_and(|t| t.eq_ignore_ascii_case(name.as_bytes()))
        };
        let end = bytes.iter().enumerate().filter(|(_, b)| **b == b'<').map(|(at, _)| at).find(closes);
        self.take(end.unwrap_or(bytes.len()))
    }

    /// One past the comment or declaration that starts here.
    fn declaration_end(&mut self) -> usize {
        if self.rest.starts_with("<!-->") {
            return 5;
        }
        if self.rest.starts_with("<!--") && !self.comments_stay_open {
            match self.rest.get(4..).and_then(|tail| tail.find("-->")) {
                Some(at) => return at + 7,
                None => self.comments_stay_open = true,
            }
        }
        // An unclosed comment hides the rest in browsers; for a reader its text is worth more than silence.
        self.rest.find('>').map_or(self.rest.len(), |at| at + 1)
    }

    fn tag(&mut self) -> Option<Piece<'a>> {
        let end = tag_end(self.rest.as_bytes());
        let tag = self.take(end);
        let inner = tag.strip_prefix('<').unwrap_or(tag);
        let inner = inner.strip_suffix('>').unwrap_or(inner);
        let (inner, closing) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
        let at = inner.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inner.len());
        let (name, attributes) = inner.split_at_checked(at)?;
        if closing {
            return Some(Piece::Close { name });
        }
        self.raw = RAW.into_iter().find(|raw| raw.eq_ignore_ascii_case(name));
        Some(Piece::Open { name, attributes })
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if let Some(name) = self.raw.take() {
                return Some(Piece::Hidden(self.hidden(name)));
            }
            let mut bytes = self.rest.bytes();
            if bytes.next() != Some(b'<') {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                return Some(Piece::Text(self.take(end)));
            }
            match bytes.next() {
                Some(b'!') => {
                    let end = self.declaration_end();
                    self.take(end);
                }
                Some(b'?') => {
                    let end = self.rest.find('>').map_or(self.rest.len(), |at| at + 1);
                    self.take(end);
                }
                Some(b'/') if bytes.next().is_some_and(|b| b.is_ascii_alphabetic()) => return self.tag(),
                Some(b) if b.is_ascii_alphabetic() => return self.tag(),
                Some(b'/') => {
                    let end = self.rest.find('>').map_or(self.rest.len(), |at| at + 1);
                    self.take(end);
                }
                _ => {
                    let tail = self.rest.get(1..).unwrap_or_default();
                    let end = tail.find('<').map_or(self.rest.len(), |at| at + 1);
                    return Some(Piece::Text(self.take(end)));
                }
            }
        }
    }
}

/// One past the `>` that ends a tag; `>` within quoted attribute values does not.
fn tag_end(bytes: &[u8]) -> usize {
    let end = find_byte(bytes, b'>').map_or(bytes.len(), |end| end + 1);
    if !bytes.iter().take(end).any(|byte| matches!(byte, b'"' | b'\'')) {
        return end;
    }
    let (mut quote, mut after_equals) = (None, false);
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (Some(open), close) if open == *close => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return at + 1,
            // A quote counts at the start of a value only; elsewhere it is a stray character.
            (None, b'"' | b'\'') if after_equals => quote = Some(*byte),
            (None, b) if b.is_ascii_whitespace() => {}
            (None, b) => after_equals = *b == b'=',
        }
    }
    bytes.len()
}

/// The value of an attribute in the raw text of a tag's attributes, as written.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    while let Some((before, after)) = rest.split_once('=') {
        let key = before
            .rsplit(|c: char| c.is_ascii_whitespace() || c == '/' || c == '"' || c == '\'')
            .find(|k| !k.is_empty());
        let value = after.trim_start();
        let (value, tail) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = value.get(1..).unwrap_or_default();
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => value.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((value, "")),
        };
        if key.is_some_and(|key| key.eq_ignore_ascii_case(name)) {
            return Some(value);
        }
        rest = tail;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_comments_and_raw_elements_do_not_end_tags_early() {
        let html = "a<b title='x>y'>c</b><!-- <i> --><style>p > q {}</style><br/>d < e";
        let pieces: Vec<Piece<'_>> = Pieces::of(html).collect();
        assert_eq!(pieces[1], Piece::Open { name: "b", attributes: " title='x>y'" });
        assert!(pieces.contains(&Piece::Hidden("p > q {}")));
        assert!(!pieces.iter().any(|p| matches!(p, Piece::Open { name: "i", .. })));
        assert_eq!(pieces[pieces.len() - 2..], [Piece::Text("d "), Piece::Text("< e")]);
    }

    #[test]
    fn attributes_are_found_in_any_quoting() {
        assert_eq!(attribute(" class=\"a b\" id='x'", "id"), Some("x"));
        assert_eq!(attribute(" ID=plain class=y", "id"), Some("plain"));
        assert_eq!(attribute(" data-id=\"no\"", "id"), None);
    }
}
