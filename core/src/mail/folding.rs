//! Which parts of a text are new, quoted or a signature. Nothing is deleted: the sections cover the whole text.

use super::folding_patterns as patterns;
use super::html_text::Mark;
use std::ops::Range;

/// What a stretch of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// Written by the author of this mail.
    New,
    /// An earlier mail, with the line that introduces it.
    Quoted,
    Signature,
}

/// A stretch of a text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub kind: SectionKind,
    pub range: Range<usize>,
}

/// The sections of a text, in order, covering all of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    pub sections: Vec<Section>,
    /// The text is nothing but quotes and a signature: all of it counts as new, being all there is to read.
    pub says_nothing: bool,
}

impl Body {
    /// The new parts of `text` (the text this body was made from), trimmed.
    pub fn new_text(&self, text: &str) -> String {
        self.joined(text, |kind| kind == SectionKind::New)
    }

    /// Quotes and signature, trimmed: what a view folds.
    pub fn folded_text(&self, text: &str) -> String {
        self.joined(text, |kind| kind != SectionKind::New)
    }

    /// Puts a paragraph behind `text` (the text this body was made from) that is new, whatever stands above.
    pub(super) fn append(&mut self, text: &mut String, paragraph: &str) {
        if let Some(last) = self.sections.last_mut() {
            if !text.ends_with('\n') {
                text.push('\n');
            }
            last.range.end = text.len();
        }
        let start = text.len();
        if start > 0 {
            text.push('\n');
        }
        text.push_str(paragraph);
        self.sections.push(Section { kind: SectionKind::New, range: start..text.len() });
    }

    /// Puts a block above `text` (the text this body was made from) that its author did not write.
    pub(super) fn prepend_quoted(&mut self, text: &mut String, block: &str) {
        let above = format!("{}\n\n", block.trim_end());
        for section in &mut self.sections {
            section.range = section.range.start + above.len()..section.range.end + above.len();
        }
        text.insert_str(0, &above);
        self.sections.insert(0, Section { kind: SectionKind::Quoted, range: 0..above.len() });
    }

    fn joined(&self, text: &str, wanted: impl Fn(SectionKind) -> bool) -> String {
        let parts: Vec<&str> = self
            .sections
            .iter()
            .filter(|section| wanted(section.kind))
            .filter_map(|section| text.get(section.range.clone()))
            .map(str::trim_end)
            .collect();
        parts.join("\n").trim_matches('\n').trim_end().to_owned()
    }
}

/// Splits a text. `marks` are the ranges that its HTML source marks as quoted or as a signature.
pub(super) fn fold(text: &str, marks: &[Mark]) -> Body {
    let mut lines = patterns::lines(text);
    // Letters of files say nothing about quotes.
    for mark in marks.iter().filter(|mark| mark.file) {
        for line in lines.iter_mut().filter(|line| mark.range.contains(&line.start)) {
            (line.text, line.bare) = ("", "");
        }
    }
    let mut kinds = patterns::judge(&lines);
    for mark in marks {
        for (line, kind) in lines.iter().zip(kinds.iter_mut()) {
            if line.start >= mark.range.start && line.start < mark.range.end {
                *kind = mark.kind;
            }
        }
    }
    // A mail that is nothing but a quote is a forward without a word: its text is what there is to read.
    let says_something =
        lines.iter().zip(&kinds).any(|(line, kind)| *kind == SectionKind::New && !line.text.trim().is_empty());
    if !says_something {
        kinds.fill(SectionKind::New);
    }
    let mut sections: Vec<Section> = Vec::new();
    for (line, kind) in lines.iter().zip(kinds) {
        match sections.last_mut() {
            Some(last) if last.kind == kind => last.range.end = line.end,
            _ => sections.push(Section { kind, range: line.start..line.end }),
        }
    }
    Body { sections, says_nothing: !says_something }
}
