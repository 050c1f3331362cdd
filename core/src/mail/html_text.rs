//! HTML as plain text, in one linear pass, with notes of what the HTML itself marks as quoted.
//!
//! Block quotes get `>` in front of their lines, so one folding serves plain text and HTML.

use super::SectionKind;
use super::charset::push_entity;
use super::html_tags::{Piece, Pieces, attribute};
use crate::text::is_invisible;
use std::ops::Range;

/// Plain text of some HTML.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Converted {
    pub(super) text: String,
    pub(super) marks: Vec<Mark>,
}

/// A range of the text that the HTML marks as quoted or as a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) range: Range<usize>,
    pub(super) kind: SectionKind,
    /// The letters of a file: nothing that people wrote.
    pub(super) file: bool,
}

impl Mark {
    pub(super) fn moved(self, by: usize) -> Self {
        Self { range: self.range.start + by..self.range.end + by, ..self }
    }
}

/// Readable text of HTML: blocks on their own lines, lists with dashes, quotes with `>`. Linear in time.
pub fn html_to_text(html: &str) -> String {
    convert(html, usize::MAX).text
}

pub(super) fn convert(html: &str, max_bytes: usize) -> Converted {
    let mut writer = Writer::default();
    for piece in Pieces::of(html) {
        if writer.text.len() > max_bytes {
            break;
        }
        match piece {
            Piece::Text(text) => writer.words(text),
            Piece::Open { name, attributes } => writer.open(name, attributes),
            Piece::Close { name } => writer.close(name),
            Piece::Hidden(_) => {}
        }
    }
    writer.finish()
}

/// Class and id names by which mail programs mark what they quote.
const QUOTE_MARKS: [&str; 17] = [
    "gmail_quote",
    "yahoo_quoted",
    "divrplyfwdmsg",
    "moz-cite-prefix",
    "outlookmessageheader",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "gmail_extra_quote",
    "front-blockquote",
    "olk_src_body_section",
    "mail-quote",
    "wm_forwarded",
    "appendonsend",
    "mail_android_quote",
    "x_gmail_quote",
    "ms-outlook-mobile-reference-message",
];
const SIGNATURE_MARKS: [&str; 5] =
    ["gmail_signature", "moz-signature", "ms-outlook-mobile-signature", "protonmail_signature_block", "x_signature"];
/// From these on, everything below is the earlier mail, also outside of the marked element.
const OPEN_ENDED: [&str; 3] = ["divrplyfwdmsg", "outlookmessageheader", "appendonsend"];

#[derive(Default)]
struct Writer {
    text: String,
    marks: Vec<Mark>,
    /// Marked elements that are still open: name, how many of the same name are open inside, start, kind.
    open: Vec<OpenMark>,
    /// Whether each open blockquote is a quote, or only an indent.
    quotes: Vec<bool>,
    depth: usize,
    preformatted: usize,
    space: bool,
    line_started: bool,
    cell: bool,
}

struct OpenMark {
    name: String,
    inside: usize,
    start: usize,
    kind: SectionKind,
    to_the_end: bool,
}

impl Writer {
    fn words(&mut self, raw: &str) {
        let mut rest = raw;
        while let Some(at) = rest.find('&') {
            let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.plain(before);
            let end = tail.bytes().take(34).position(|b| b == b';').map(|at| at + 1);
            let entity = end.and_then(|end| tail.get(..end));
            match entity.filter(|e| e.len() > 2 && e.get(1..).is_some_and(|e| !e.contains(['&', ' ']))) {
                Some(entity) => {
                    let mut decoded = String::new();
                    push_entity(entity, &mut decoded);
                    self.plain(&decoded);
                    rest = tail.get(entity.len()..).unwrap_or_default();
                }
                None => {
                    self.plain("&");
                    rest = tail.get(1..).unwrap_or_default();
                }
            }
        }
        self.plain(rest);
    }

    fn plain(&mut self, text: &str) {
        let mut rest = text;
        loop {
            // Words are copied whole: nearly all of a text is made of them.
            let end = rest.bytes().position(|byte| !byte.is_ascii_graphic()).unwrap_or(rest.len());
            let (word, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if !word.is_empty() {
                self.word(word);
            }
            let Some(c) = tail.chars().next() else { return };
            rest = tail.get(c.len_utf8()..).unwrap_or_default();
            match c {
                '\n' if self.preformatted > 0 => self.line_break(),
                '\u{a0}' => self.character(' '),
                c if c.is_whitespace() && self.preformatted == 0 => self.space = true,
                '\r' | '\u{ad}' => {}
                c if is_invisible(c) => {}
                c if c.is_control() && c != '\t' => self.space = true,
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => self.space = true,
                c => self.character(c),
            }
        }
    }

    fn character(&mut self, c: char) {
        self.word(c.encode_utf8(&mut [0; 4]));
    }

    /// Characters that stay as they are.
    fn word(&mut self, word: &str) {
        self.start_line();
        if self.space {
            self.space = false;
            if !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
        }
        self.text.push_str(word);
    }

    fn start_line(&mut self) {
        if !self.line_started {
            self.line_started = true;
            self.space = false;
            for _ in 0..self.depth.min(20) {
                self.text.push('>');
            }
            if self.depth > 0 {
                self.text.push(' ');
            }
        }
    }

    fn line_break(&mut self) {
        let kept = self.text.trim_end_matches([' ', '\t']).len();
        self.text.truncate(kept);
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            if !self.line_started && self.depth > 0 && self.text.ends_with('\n') {
                self.start_line();
                self.text.truncate(self.text.trim_end_matches(' ').len());
            }
            self.text.push('\n');
        }
        self.line_started = false;
        self.space = false;
    }

    /// Ends the current line, if one has begun.
    fn block(&mut self) {
        if self.line_started {
            self.line_break();
        }
        self.space = false;
    }

    fn paragraph(&mut self) {
        self.block();
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.line_break();
        }
    }

    fn open(&mut self, name: &str, attributes: &str) {
        let lower = name.to_ascii_lowercase();
        for mark in self.open.iter_mut().filter(|m| m.name == lower) {
            mark.inside += 1;
        }
        match lower.as_str() {
            "br" => self.line_break(),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" => self.paragraph(),
            "li" => {
                self.block();
                self.plain("- ");
            }
            "td" | "th" => {
                if self.cell && self.line_started {
                    self.space = true;
                }
                self.cell = true;
            }
            "tr" => {
                self.block();
                self.cell = false;
            }
            "pre" => {
                self.paragraph();
                self.preformatted += 1;
            }
            "blockquote" => self.open_quote(attributes),
            "hr" | "div" | "dt" | "dd" | "body" | "section" | "article" | "header" | "footer" | "center" | "form"
            | "address" => self.block(),
            _ => {}
        }
        self.mark(lower, attributes);
    }

    fn open_quote(&mut self, attributes: &str) {
        self.block();
        let style = attribute(attributes, "style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
        let cited = attribute(attributes, "type").is_some_and(|t| t.eq_ignore_ascii_case("cite"));
        // Mail programs indent with quotes too; those have no border.
        let quote =
            cited || !(style.contains("border:none") || style.contains("border:0") || style.contains("border:medium"));
        if self.quotes.len() < 1_000 {
            self.quotes.push(quote);
            self.depth += usize::from(quote);
        }
    }

    fn close(&mut self, name: &str) {
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" => self.paragraph(),
            "pre" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.paragraph();
            }
            "blockquote" => {
                self.block();
                self.depth -= usize::from(self.quotes.pop().unwrap_or(false));
            }
            "li" | "tr" | "div" | "dt" | "dd" | "section" | "article" | "header" | "footer" | "center" | "form"
            | "address" => self.block(),
            _ => {}
        }
        self.close_marks(&lower);
    }

    fn mark(&mut self, name: String, attributes: &str) {
        if self.open.len() >= 16 || self.marks.len() >= 100 || attributes.len() < 4 {
            return;
        }
        let class = attribute(attributes, "class").unwrap_or_default();
        let id = attribute(attributes, "id").unwrap_or_default();
        let words: Vec<String> = class.split_whitespace().chain([id]).map(str::to_ascii_lowercase).collect();
        let known = |marks: &[&str]| words.iter().any(|w| marks.contains(&w.as_str()));
        let kind = match (known(&QUOTE_MARKS), known(&SIGNATURE_MARKS) || words.iter().any(|w| w == "signature")) {
            (true, _) => SectionKind::Quoted,
            (false, true) => SectionKind::Signature,
            _ => return,
        };
        // A reply written inside the quote's element starts with no quote of its own and stays new.
        self.block();
        let mark = OpenMark { name, inside: 0, start: self.text.len(), kind, to_the_end: known(&OPEN_ENDED) };
        self.open.push(mark);
    }

    fn close_marks(&mut self, name: &str) {
        let mut closed = Vec::new();
        for (at, mark) in self.open.iter_mut().enumerate().filter(|(_, m)| m.name == name) {
            match mark.inside.checked_sub(1) {
                Some(inside) => mark.inside = inside,
                None => closed.push(at),
            }
        }
        for at in closed.into_iter().rev() {
            let mark = self.open.remove(at);
            if mark.to_the_end {
                self.open.push(OpenMark { name: String::new(), ..mark });
            } else {
                self.marks.push(Mark { range: mark.start..self.text.len(), kind: mark.kind, file: false });
            }
        }
    }

    fn finish(mut self) -> Converted {
        let end = self.text.trim_end().len();
        self.text.truncate(end);
        for mark in self.open {
            self.marks.push(Mark { range: mark.start..end, kind: mark.kind, file: false });
        }
        Converted { text: self.text, marks: self.marks }
    }
}
