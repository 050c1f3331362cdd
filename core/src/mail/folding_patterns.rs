//! Line patterns of quotes and signatures.

use super::SectionKind;

/// A line with its place in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
    /// After the line feed.
    pub(super) end: usize,
}

pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let here = start;
            start += line.len();
            Line { text: line.trim_end(), start: here, end: start }
        })
        .collect()
}

/// The kind of each line.
pub(super) fn judge(lines: &[Line<'_>]) -> Vec<SectionKind> {
    vec![SectionKind::New; lines.len()]
}
