//! Line patterns of quotes and signatures.

use super::SectionKind;
use super::folding_words::{ABOVE, DATE, FROM, ON, ORIGINAL, OTHER, SENT_FROM, WROTE};

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

/// An attribution is at most this many lines.
const LONGEST_ATTRIBUTION: usize = 4;

/// Lines further down are only looked at for `>`: nobody writes so much above a quote.
const MOST_JUDGED: usize = 5_000;

/// The kind of each line. Each line is looked at a bounded number of times.
pub(super) fn judge(lines: &[Line<'_>]) -> Vec<SectionKind> {
    let mut kinds = vec![SectionKind::New; lines.len()];
    let text = |at: usize| lines.get(at).map_or("", |line| line.text);
    let mut cited: Vec<std::ops::Range<usize>> = Vec::new();
    let (mut at, mut introduced) = (0, false);
    while at < lines.len() {
        let mut next = at + 1;
        let judged = at < MOST_JUDGED;
        if judged && (separator(text(at)) || header_block(lines, at)) {
            fill(&mut kinds, at..lines.len(), SectionKind::Quoted);
            break;
        } else if let Some(length) = judged.then(|| attribution(lines, at)).flatten() {
            let after = (at + length..lines.len()).find(|at| !text(*at).is_empty());
            if !after.is_some_and(|after| quoted(text(after))) {
                fill(&mut kinds, at..lines.len(), SectionKind::Quoted);
                break;
            }
            fill(&mut kinds, at..at + length, SectionKind::Quoted);
            next = at + length;
            introduced = true;
        } else if quoted(text(at)) {
            next = (at..lines.len()).find(|at| !quoted(text(*at)) && !text(*at).is_empty()).unwrap_or(lines.len());
            fill(&mut kinds, at..next, SectionKind::Quoted);
            if !introduced && at > 0 && next < lines.len() {
                cited.push(at..next);
            }
        } else if !text(at).is_empty() {
            introduced = false;
        }
        at = next;
    }
    signatures(lines, &mut kinds);
    // What the author cites without naming a mail, and goes on to answer, belongs to what is said.
    for range in cited {
        if kinds.get(range.end) == Some(&SectionKind::New) {
            fill(&mut kinds, range, SectionKind::New);
        }
    }
    kinds
}

fn fill(kinds: &mut [SectionKind], range: std::ops::Range<usize>, kind: SectionKind) {
    if let Some(part) = kinds.get_mut(range) {
        part.fill(kind);
    }
}

/// `>` in front, as RFC 3676 §4.5 has it; programs indent it at times.
fn quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Without the marks that decorate a line: stars, brackets, direction marks.
fn bare(line: &str) -> &str {
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
    let lower = inner.to_lowercase();
    let lower = lower.trim_end_matches(" follows").trim_start_matches("begin ");
    let framed = line.starts_with("--") || line.starts_with("__") || line.starts_with("==") || line.starts_with("- -");
    (framed && ORIGINAL.iter().any(|words| lower.starts_with(words)))
        || ABOVE.iter().any(|words| lower.starts_with(words)) && lower.chars().count() < 80
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    From,
    Date,
    Other,
}

fn label(line: &str) -> Option<Label> {
    let line = bare(line.trim_start_matches(['>', ' ']));
    let (key, value) = line.split_once([':', '：'])?;
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

/// The number of lines of an attribution (`On ..., somebody wrote:`) that begins here.
fn attribution(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let first = bare(lines.get(at)?.text);
    if first.is_empty() || quoted(first) || first.len() > 600 {
        return None;
    }
    let mut joined = String::new();
    for length in 1..=LONGEST_ATTRIBUTION {
        let line = bare(lines.get(at + length - 1)?.text);
        if line.is_empty() || quoted(line) && length > 1 || joined.len() + line.len() > 600 {
            return None;
        }
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(line);
        if is_attribution(&joined) || (loose_attribution(&joined) && goes_on_quoted(lines, at + length)) {
            return (length == 1 || opens_dated(first) || !begins_later(lines, at, length)).then_some(length);
        }
        // A sentence that is complete does not go on as an attribution.
        if line.ends_with(['!', '?'])
            || (line.ends_with('.') && length == 1 && !line.chars().any(|c| c.is_ascii_digit()))
        {
            return None;
        }
    }
    None
}

/// Whether an attribution within these lines begins after the first, which then is the author's own last line.
fn begins_later(lines: &[Line<'_>], at: usize, length: usize) -> bool {
    (at + 1..at + length)
        .filter_map(|at| lines.get(at))
        .map(|line| bare(line.text))
        .any(|line| opens_dated(line) || (dated(line) && is_attribution(line)))
}

fn opens(lower: &str) -> bool {
    ON.iter().any(|word| lower.starts_with(word)) || lower.starts_with(|c: char| c.is_ascii_digit())
}

fn opens_dated(line: &str) -> bool {
    // Longer than any of the words, so that only the head is lowered.
    dated(line) && opens(&line.chars().take(12).collect::<String>().to_lowercase())
}

/// `2013/11/1 Name <a@b>` without a colon: an attribution only where a quote follows.
fn loose_attribution(joined: &str) -> bool {
    joined.ends_with('>') && joined.contains('@') && opens_dated(joined)
}

fn goes_on_quoted(lines: &[Line<'_>], at: usize) -> bool {
    lines.iter().skip(at).find(|line| !line.text.is_empty()).is_some_and(|line| quoted(line.text))
}

fn is_attribution(joined: &str) -> bool {
    // The cheap signs first: nearly every line of prose ends here.
    let colon = joined.ends_with([':', '：']);
    let has_date = dated(joined);
    if !(has_date || joined.contains('@')) || !(colon || opens_dated(joined)) {
        return false;
    }
    let lower = joined.to_lowercase();
    let lower = lower.trim_start_matches(['-', '>', ' ', '"', '(', '[']);
    let address = lower.contains('@') && !lower.contains("@ ");
    if !(has_date || address) {
        return false;
    }
    let end = lower.trim_end_matches([':', '：', ' ', '*', '_', '>', '-', '.', '\u{202c}', ')', ']']);
    let opens = opens(lower);
    if WROTE.iter().any(|word| end.ends_with(word)) {
        return colon || opens;
    }
    // `2016-10-24 15:36 GMT+02:00 Name <a@b>:`, and languages in which the verb stands before the name.
    colon
        && ((address && has_date && opens && lower.len() < 400)
            || ((opens || address) && WROTE.iter().any(|word| lower.contains(word))))
}

/// Whether it holds something of a date: a time, a year, or numbers with slashes, dots or dashes.
fn dated(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let numeric = bytes.iter().enumerate().any(|(at, byte)| {
        (matches!(byte, b':' | b'/' | b'.' | b'-') && at > 0 && digit(at - 1) && digit(at + 1))
            || (digit(at) && digit(at + 1) && digit(at + 2) && digit(at + 3))
    });
    numeric || text.contains(['年', '٢', '٠'])
}

/// Marks signatures among the new lines: after `-- ` (RFC 3676 §4.3) and the small ones of phones.
fn signatures(lines: &[Line<'_>], kinds: &mut [SectionKind]) {
    let mut at = 0;
    let mut seen_text = false;
    while at < lines.len() {
        let text = lines.get(at).map_or("", |line| line.text);
        if kinds.get(at) != Some(&SectionKind::New) || text.is_empty() {
            at += 1;
            continue;
        }
        let end = (at..lines.len()).find(|at| kinds.get(*at) != Some(&SectionKind::New)).unwrap_or(lines.len());
        if seen_text && delimiter(text) && end - at <= 40 {
            fill(kinds, at..end, SectionKind::Signature);
            at = end;
            continue;
        }
        if sent_from(text) {
            fill(kinds, at..at + 1, SectionKind::Signature);
        }
        seen_text = true;
        at += 1;
    }
}

fn delimiter(line: &str) -> bool {
    matches!(line.trim(), "--" | "—" | "––" | "-- *" | "*--*" | "---" | "\u{2014}\u{2014}")
        || (line.len() >= 5 && line.bytes().all(|b| b == b'_'))
}

fn sent_from(line: &str) -> bool {
    let plain = bare(line).trim_start_matches(['<', '(', '[', '-', '>', ' ', '\u{202b}']);
    if plain.is_empty() || plain.chars().count() > 90 {
        return false;
    }
    let lower = plain.to_lowercase();
    if lower.contains(", ") && lower.ends_with('.') {
        return false; // A sentence that happens to begin so.
    }
    SENT_FROM.iter().any(|words| lower.starts_with(words))
        || (lower.contains("iphone") || lower.contains("ipad"))
            && (lower.ends_with("gesendet") || lower.contains("送信"))
}
