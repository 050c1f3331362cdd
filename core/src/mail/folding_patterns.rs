//! Line patterns of quotes.

use super::SectionKind;
use super::bytes::{begins_with_any, find_byte};
use super::folding_attribution::{KnownSigns, attribution, dated};
use super::folding_signature::signatures;
use super::folding_words::{ABOVE, DATE, FROM, ORIGINAL, OTHER, WROTE};
use std::ops::Range;

/// A line with its place in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    /// Without the marks that decorate it.
    pub(super) bare: &'a str,
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
            let text = line.trim_end();
            Line { text, bare: bare(text), start: here, end: start }
        })
        .collect()
}

/// Lines further down are only looked at for `>`: nobody writes so much above a quote.
const MOST_JUDGED: usize = 5_000;

/// The kind of each line. Each line is looked at a bounded number of times.
pub(super) fn judge(lines: &[Line<'_>]) -> Vec<SectionKind> {
    let mut kinds = vec![SectionKind::New; lines.len()];
    let text = |at: usize| lines.get(at).map_or("", |line| line.text);
    let mut blocks: Vec<Block> = Vec::new();
    let (mut at, mut introduced, mut signs) = (0, false, KnownSigns::default());
    while at < lines.len() {
        let mut next = at + 1;
        let judged = at < MOST_JUDGED;
        if text(at).is_empty() {
            at = next;
            continue;
        }
        if judged && (separator(text(at)) || header_block(lines, at)) {
            fill(&mut kinds, at..lines.len(), SectionKind::Quoted);
            break;
        } else if let Some(length) = judged.then(|| attribution(lines, at, &mut signs)).flatten() {
            let after = (at + length..lines.len()).find(|at| !text(*at).is_empty());
            if !after.is_some_and(|after| quoted(text(after))) {
                fill(&mut kinds, at..lines.len(), SectionKind::Quoted);
                break;
            }
            fill(&mut kinds, at..at + length, SectionKind::Quoted);
            next = at + length;
            introduced = true;
        } else if quoted(text(at)) {
            next = quote_end(lines, at);
            fill(&mut kinds, at..next, SectionKind::Quoted);
            if next < lines.len() {
                blocks.push(Block { range: at..next, introduced });
            }
        } else {
            introduced = false;
        }
        at = next;
    }
    signatures(lines, &mut kinds);
    cited(&mut kinds, blocks);
    kinds
}

/// Lines with `>` that follow each other.
struct Block {
    range: Range<usize>,
    /// An attribution stands above.
    introduced: bool,
}

/// What the author cites and goes on to answer belongs to what is said: where no mail is named, or where the answers
/// stand between the quotes.
fn cited(kinds: &mut [SectionKind], mut blocks: Vec<Block>) {
    blocks.retain(|block| kinds.get(block.range.end) == Some(&SectionKind::New));
    let between = blocks.len() > 1;
    for block in blocks.into_iter().filter(|block| between || !block.introduced) {
        fill(kinds, block.range, SectionKind::New);
    }
}

/// One past the quoted lines that begin here. A line that closes the bracket of the quoted line above was broken off
/// from it.
fn quote_end(lines: &[Line<'_>], start: usize) -> usize {
    let open = |text: &str, open: char, close: char| {
        text.rfind(open).is_some_and(|at| text.get(at..).is_some_and(|tail| !tail.contains(close)))
    };
    let (mut end, mut above) = (start, "");
    for (at, line) in lines.iter().enumerate().skip(start) {
        let closes = |left: char, right: char| {
            open(above, left, right)
                && line
                    .text
                    .find(right)
                    .is_some_and(|end| !line.text.get(..end).unwrap_or_default().contains([left, ' ']))
        };
        if !line.text.is_empty() && !quoted(line.text) && !(quoted(above) && (closes('(', ')') || closes('<', '>'))) {
            return at;
        }
        (end, above) = (at + 1, line.text);
    }
    end
}

pub(super) fn fill(kinds: &mut [SectionKind], range: Range<usize>, kind: SectionKind) {
    if let Some(part) = kinds.get_mut(range) {
        part.fill(kind);
    }
}

/// `>` in front, as RFC 3676 §4.5 has it; programs indent it at times.
pub(super) fn quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Without the marks that decorate a line: stars, brackets, direction marks.
pub(super) fn bare(line: &str) -> &str {
    let mark =
        |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '\u{200e}' | '\u{200f}' | '\u{202b}' | '\u{202c}');
    line.trim_matches(mark)
}

/// `-----Original Message-----` and its kin.
fn separator(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ']);
    let dashes = |c: char| matches!(c, '-' | '_' | '=' | '*' | '#' | ' ' | ':' | '>' | '<' | '–' | '—' | '|');
    let inner = line.trim_matches(dashes);
    if inner.is_empty() || inner.len() > 120 {
        return false;
    }
    let framed = line.starts_with("--") || line.starts_with("__") || line.starts_with("==") || line.starts_with("- -");
    let after_begin = inner.get(6..).filter(|_| begins_with_any(inner, &["begin "])).unwrap_or(inner);
    // `---- Somebody wrote ----`, as phones write it.
    let wrote = || line.ends_with("--") && WROTE.iter().any(|word| inner.to_lowercase().ends_with(word));
    let above =
        || begins_with_any(inner, &ABOVE) || after_begin.len() < inner.len() && begins_with_any(after_begin, &ABOVE);
    (framed && (begins_with_any(after_begin, &ORIGINAL) || wrote())) || above() && inner.chars().count() < 80
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    From,
    Date,
    Other,
}

fn label(line: &str) -> Option<Label> {
    let narrow = find_byte(line.as_bytes(), b':').is_some();
    // Nearly every line of prose ends here.
    if !narrow && line.is_ascii() {
        return None;
    }
    let line = bare(line.trim_start_matches(['>', ' ']));
    let wide = if line.is_ascii() { None } else { line.split_once('：') };
    let (key, value) = match (line.split_once(':'), wide) {
        (Some(narrow), Some(wide)) if wide.0.len() < narrow.0.len() => wide,
        (narrow, wide) => narrow.or(wide)?,
    };
    let key = bare(key);
    if key.is_empty() || key.len() > 40 || value.starts_with("//") {
        return None;
    }
    let key = key.to_lowercase();
    let within = |words: &[&str]| words.contains(&key.as_str());
    match (within(&FROM), within(&DATE), within(&OTHER)) {
        (true, _, _) => Some(Label::From),
        (_, true, _) => Some(Label::Date),
        (_, _, true) => Some(Label::Other),
        _ => None,
    }
}

/// Whether a block of `From:`, `Sent:`, `To:`, `Subject:` begins here, in any language and order.
fn header_block(lines: &[Line<'_>], at: usize) -> bool {
    let Some(first) = lines.get(at).and_then(|line| label(line.text)) else { return false };
    // HTML puts the whole block on one line at times.
    let one_line = |line: &str| {
        let labels = line.split(' ').filter(|word| word.ends_with(':')).filter_map(label);
        dated(line) && labels.skip(1).any(|label| label == Label::Date)
    };
    if at > 0 && first == Label::From && lines.get(at).is_some_and(|line| line.text.len() < 400 && one_line(line.text))
    {
        return true;
    }
    let (mut from, mut date, mut all, mut others) = (first == Label::From, first == Label::Date, 1, 0);
    for line in lines.iter().skip(at + 1).take(9) {
        match label(line.text) {
            Some(label) => {
                all += 1;
                from |= label == Label::From;
                date |= label == Label::Date;
            }
            // Long recipient lists go on over lines; HTML leaves blank lines between.
            None if line.text.trim().is_empty() && others < 2 => others += 1,
            None if others < 3 => others += 1,
            None => break,
        }
    }
    from && ((date && all >= 3) || all >= 4 || (date && first == Label::From && at > 0))
}
