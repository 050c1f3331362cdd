//! Where in HTML a value may stand: in text and in quoted attributes. Escaping keeps it there, and only there.

use super::problem::Span;
use super::translate::{Block, Translated};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Text,
    /// Inside a tag, outside of quotes.
    Tag,
    /// In a quoted attribute: quote, name, and whether its value has begun.
    Attribute {
        quote: u8,
        name: String,
        begun: bool,
    },
    Comment,
    /// In an element whose content is not text: its closing tag.
    Raw(&'static str),
}

struct Reader<'a> {
    source: &'a str,
    place: Place,
    /// Where the current tag began.
    tag: usize,
}

/// Values in places that escaping does not protect, and blocks that leave such a place open.
pub(super) fn check(source: &str, translated: &Translated) -> Vec<Span> {
    let mut reader = Reader { source, place: Place::Text, tag: 0 };
    let mut problems = Vec::new();
    let mut opened: Vec<Place> = Vec::new();
    let (mut at, mut printed, mut blocks) =
        (0, translated.printed.iter().peekable(), translated.blocks.iter().peekable());
    while at < source.len() {
        if let Some((start, end)) = printed.next_if(|(start, _)| *start <= at) {
            if let Some(message) = reader.forbids(source.get(*start..*end).unwrap_or_default()) {
                problems.push(Span { start: *start, end: *end, message: message.to_owned() });
            }
            reader.value_begins();
            at = (*end).max(at + 1);
        } else if let Some((block, start, end)) = blocks.next_if(|(_, start, _)| *start <= at) {
            let expected = match block {
                Block::If | Block::For | Block::With => {
                    opened.push(reader.place.clone());
                    None
                }
                Block::Else => opened.last().cloned(),
                Block::End => opened.pop(),
            };
            if expected.is_some_and(|place| !same(&place, &reader.place)) {
                let message = "this block leaves an HTML tag or attribute open".to_owned();
                problems.push(Span { start: *start, end: *end, message });
            }
            at = (*end).max(at + 1);
        } else {
            at = reader.step(at);
        }
    }
    problems
}

/// Whether both are the same kind of place; how far a value has got does not matter.
fn same(a: &Place, b: &Place) -> bool {
    match (a, b) {
        (Place::Attribute { quote: a, name: n, .. }, Place::Attribute { quote: b, name: m, .. }) => a == b && n == m,
        (a, b) => a == b,
    }
}

impl Reader<'_> {
    fn forbids(&self, value: &str) -> Option<&'static str> {
        match &self.place {
            Place::Text => None,
            Place::Tag => Some("inside a tag a variable must stand within quotes: attribute=\"$name\""),
            Place::Comment => Some("a variable cannot stand in an HTML comment"),
            Place::Raw(_) => Some("a variable cannot stand in a style or script"),
            Place::Attribute { name, .. } if name.starts_with("on") || name == "style" || name == "srcdoc" => {
                Some("a variable cannot stand in a style or event attribute")
            }
            Place::Attribute { name, begun: false, .. } if matches!(name.as_str(), "href" | "src" | "action") => {
                let plain = value.trim_matches(['$', '{', '}', ' ']);
                let link = plain.ends_with(".url") || plain.ends_with(".link");
                (!link).then_some("a link must begin with https:// or mailto:, or with a variable that is a link")
            }
            Place::Attribute { .. } => None,
        }
    }

    fn value_begins(&mut self) {
        if let Place::Attribute { begun, .. } = &mut self.place {
            *begun = true;
        }
    }

    /// Reads on from `at`; returns the next position.
    fn step(&mut self, at: usize) -> usize {
        let bytes = self.source.as_bytes();
        let tail = bytes.get(at..).unwrap_or_default();
        let byte = tail.first().copied().unwrap_or_default();
        match &mut self.place {
            Place::Text if tail.starts_with(b"<!--") => {
                self.place = Place::Comment;
                return at + 4;
            }
            Place::Text
                if byte == b'<'
                    && tail.get(1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?')) =>
            {
                self.place = Place::Tag;
                self.tag = at;
            }
            Place::Comment if tail.starts_with(b"-->") => {
                self.place = Place::Text;
                return at + 3;
            }
            Place::Tag if byte == b'>' => self.place = self.after_tag(),
            Place::Tag if matches!(byte, b'"' | b'\'') => {
                let before = self.source.get(self.tag..at).unwrap_or_default().trim_end();
                let name = before.strip_suffix('=').unwrap_or_default().trim_end();
                let name = name.rsplit([' ', '\t', '\n', '\r', '/', '"', '\'']).next().unwrap_or_default();
                self.place = Place::Attribute { quote: byte, name: name.to_ascii_lowercase(), begun: false };
            }
            Place::Attribute { quote, .. } if *quote == byte => self.place = Place::Tag,
            Place::Attribute { begun, .. } if !byte.is_ascii_whitespace() => *begun = true,
            Place::Raw(name) if tail.starts_with(b"</") => {
                let closing = tail.get(2..2 + name.len()).is_some_and(|t| t.eq_ignore_ascii_case(name.as_bytes()));
                if closing {
                    self.place = Place::Tag;
                    self.tag = at;
                }
            }
            _ => {}
        }
        at + 1
    }

    fn after_tag(&self) -> Place {
        const RAW: [&str; 6] = ["script", "style", "xmp", "iframe", "noembed", "noframes"];
        let tag = self.source.get(self.tag + 1..).unwrap_or_default();
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        RAW.into_iter().find(|raw| raw.eq_ignore_ascii_case(name)).map_or(Place::Text, Place::Raw)
    }
}
