//! Line patterns of quotes and signatures.

use super::SectionKind;
use super::bytes::{begins_with_any, contains_ignore_case};
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
    let (mut at, mut introduced, mut signs) = (0, false, KnownSigns::default());
    while at < lines.len() {
        let mut next = at + 1;
        let judged = at < MOST_JUDGED;
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
    let framed = line.starts_with("--") || line.starts_with("__") || line.starts_with("==") || line.starts_with("- -");
    let after_begin = inner.get(6..).filter(|_| begins_with_any(inner, &["begin "])).unwrap_or(inner);
    // `---- Somebody wrote ----`, as phones write it.
    let wrote = || line.ends_with("--") && WROTE.iter().any(|word| inner.to_lowercase().ends_with(word));
    (framed && (begins_with_any(after_begin, &ORIGINAL) || wrote()))
        || [inner, after_begin].iter().any(|words| begins_with_any(words, &ABOVE)) && inner.chars().count() < 80
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    From,
    Date,
    Other,
}

fn label(line: &str) -> Option<Label> {
    let line = bare(line.trim_start_matches(['>', ' ']));
    let (key, value) = match (line.split_once(':'), line.split_once('：')) {
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

/// What an attribution needs to hold somewhere. None of it goes over a line's end.
#[derive(Clone, Copy, Default)]
struct Signs {
    dated: bool,
    at: bool,
}

impl Signs {
    fn with(self, other: Self) -> Self {
        Self { dated: self.dated || other.dated, at: self.at || other.at }
    }
}

/// The signs of the last few lines: each line is looked through once, though it takes part in several joins.
#[derive(Default)]
struct KnownSigns([Option<(usize, Signs)>; LONGEST_ATTRIBUTION]);

impl KnownSigns {
    fn of(&mut self, lines: &[Line<'_>], at: usize) -> Signs {
        let known = self.0.get_mut(at % LONGEST_ATTRIBUTION);
        if let Some(Some((line, signs))) = known.as_deref()
            && *line == at
        {
            return *signs;
        }
        let text = lines.get(at).map_or("", |line| line.text);
        let signs = Signs { dated: dated(text), at: text.contains('@') };
        if let Some(known) = known {
            *known = Some((at, signs));
        }
        signs
    }
}

/// The number of lines of an attribution (`On ..., somebody wrote:`) that begins here.
fn attribution(lines: &[Line<'_>], at: usize, signs: &mut KnownSigns) -> Option<usize> {
    let first = bare(lines.get(at)?.text);
    if first.is_empty() || quoted(first) || first.len() > 600 {
        return None;
    }
    let (mut size, mut seen) = (0, Signs::default());
    for length in 1..=LONGEST_ATTRIBUTION {
        let line = bare(lines.get(at + length - 1)?.text);
        if line.is_empty() || quoted(line) && length > 1 || size + line.len() > 600 {
            return None;
        }
        size += line.len() + usize::from(length > 1);
        seen = seen.with(signs.of(lines, at + length - 1));
        // The cheap signs first: nearly every line of prose ends here.
        let could_end = line.ends_with([':', '：']) || seen.dated;
        if (seen.dated || seen.at) && could_end && attributes(lines, at, length) {
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

/// Whether these lines together are an attribution.
fn attributes(lines: &[Line<'_>], at: usize, length: usize) -> bool {
    let parts: Vec<&str> = lines.iter().skip(at).take(length).map(|line| bare(line.text)).collect();
    let joined = parts.join(" ");
    is_attribution(&joined) || (loose_attribution(&joined) && goes_on_quoted(lines, at + length))
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
        byte.is_ascii_digit()
            && match bytes.get(at + 1) {
                Some(b':' | b'/' | b'.' | b'-') => digit(at + 2),
                Some(next) => next.is_ascii_digit() && digit(at + 2) && digit(at + 3),
                None => false,
            }
    });
    numeric || !text.is_ascii() && text.contains(['年', '٢', '٠'])
}

/// More lines than this below a delimiter are no signature.
const LONGEST_SIGNATURE: usize = 40;

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
        if seen_text && delimiter(text) {
            let most = lines.len().min(at + LONGEST_SIGNATURE + 1);
            let end = (at..most).find(|at| kinds.get(*at) != Some(&SectionKind::New)).unwrap_or(most);
            if end - at <= LONGEST_SIGNATURE {
                fill(kinds, at..end, SectionKind::Signature);
                at = end;
                continue;
            }
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
    let apple = || ["iphone", "ipad"].iter().any(|name| contains_ignore_case(plain.as_bytes(), name.as_bytes()));
    if plain.len() > 90 * 4 || plain.chars().count() > 90 {
        return false;
    }
    let begins = begins_with_any(plain, &SENT_FROM);
    if !begins && !apple() {
        return false; // Nearly every line of prose ends here.
    }
    let lower = plain.to_lowercase();
    if lower.contains(", ") && lower.ends_with('.') {
        return false; // A sentence that happens to begin so.
    }
    begins || lower.ends_with("gesendet") || lower.contains("送信")
}
