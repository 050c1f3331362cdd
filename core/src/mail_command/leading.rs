//! The command lines at the head of a text.

use crate::mail::{Body, SectionKind};
use crate::ticket::Fold;

/// Characters of a command line at the most; a longer line is a text that begins with `#`.
const LONGEST_LINE: usize = 300;

/// The commands of a mail, and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leading {
    /// Lines as they were written, trimmed.
    pub lines: Vec<String>,
    /// Where they stand in the text, in order.
    pub folds: Vec<Fold>,
    /// What the author wrote anew beside them.
    pub rest: String,
}

/// Splits the new parts of `text` (the text `body` was made from) into the commands at their head and the rest. Blank
/// lines may stand between commands; the first other line ends them.
pub fn leading(text: &str, body: &Body) -> Leading {
    let (mut found, mut left) = (Leading::default(), body.clone());
    'sections: for section in left.sections.iter_mut().filter(|section| section.kind == SectionKind::New) {
        let mut at = section.range.start;
        for line in text.get(section.range.clone()).unwrap_or_default().split_inclusive('\n') {
            let end = at + line.len();
            if is_command(line.trim()) {
                found.lines.push(line.trim().to_owned());
                fold(&mut found.folds, at, end);
                section.range.start = end;
            } else if !line.trim().is_empty() {
                break 'sections;
            }
            at = end;
        }
    }
    found.rest = left.new_text(text);
    found
}

/// `#` and a letter. A number (`#7`), a heading (`# Plan`) and a longer row of signs are text.
fn is_command(line: &str) -> bool {
    let named = line.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    named && line.chars().count() <= LONGEST_LINE
}

/// Adds a range; one that follows the last without a gap makes it longer.
fn fold(folds: &mut Vec<Fold>, start: usize, end: usize) {
    let place = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    match folds.last_mut() {
        Some(last) if last.end == place(start) => last.end = place(end),
        _ => folds.push(Fold { start: place(start), end: place(end) }),
    }
}
