//! The lines that introduce a quote: `On ..., somebody wrote:`.

use super::bytes::{begins_with_any, holds_digit};
use super::folding_patterns::{Line, quoted};
use super::folding_words::{ON, WROTE};

/// An attribution is at most this many lines.
const LONGEST_ATTRIBUTION: usize = 4;
/// Characters of the words that attributions begin with, and more.
const LONGEST_OPENING: usize = 12;

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
pub(super) struct KnownSigns([Option<(usize, Signs)>; LONGEST_ATTRIBUTION]);

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
pub(super) fn attribution(lines: &[Line<'_>], at: usize, signs: &mut KnownSigns) -> Option<usize> {
    let first = lines.get(at)?.bare;
    if first.is_empty() || quoted(first) || first.len() > 600 {
        return None;
    }
    if undated_attribution(first) && goes_on_quoted(lines, at + 1) {
        return Some(1);
    }
    let (mut size, mut seen) = (0, Signs::default());
    for length in 1..=LONGEST_ATTRIBUTION {
        let line = lines.get(at + length - 1)?.bare;
        if line.is_empty() || quoted(line) && length > 1 && !closes_address(line) || size + line.len() > 600 {
            return None;
        }
        size += line.len() + usize::from(length > 1);
        seen = seen.with(signs.of(lines, at + length - 1));
        // The cheap signs first: nearly every line of prose ends here.
        let could_end = match (seen.dated, seen.at) {
            (false, false) => false,
            (dated, _) => line.ends_with([':', '：']) || dated && opens_joined(lines, at, length),
        };
        if could_end && attributes(lines, at, length) {
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

/// `>:`, which broke off from the address on the line above.
fn closes_address(line: &str) -> bool {
    line.strip_prefix('>')
        .is_some_and(|rest| rest.len() < 40 && rest.ends_with([':', '：']) && !rest.starts_with([' ', '>']))
}

fn joined(lines: &[Line<'_>], at: usize, length: usize) -> String {
    let parts: Vec<&str> = lines.iter().skip(at).take(length).map(|line| line.bare).collect();
    parts.join(" ")
}

/// Whether these lines together begin as attributions with a date do.
fn opens_joined(lines: &[Line<'_>], at: usize, length: usize) -> bool {
    let first = lines.get(at).map_or("", |line| line.bare);
    // Longer than any of the words: what follows does not matter.
    if length == 1 || first.chars().nth(LONGEST_OPENING).is_some() {
        opens(first)
    } else {
        opens(&joined(lines, at, length))
    }
}

/// Whether these lines together are an attribution.
fn attributes(lines: &[Line<'_>], at: usize, length: usize) -> bool {
    let joined = joined(lines, at, length);
    is_attribution(&joined) || (loose_attribution(&joined) && goes_on_quoted(lines, at + length))
}

/// Whether an attribution within these lines begins after the first, which then is the author's own last line.
fn begins_later(lines: &[Line<'_>], at: usize, length: usize) -> bool {
    (at + 1..at + length)
        .filter_map(|at| lines.get(at))
        .map(|line| line.bare)
        .any(|line| opens_dated(line) || (dated(line) && is_attribution(line)))
}

fn opens(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_digit()) || begins_with_any(line, &ON)
}

fn opens_dated(line: &str) -> bool {
    opens(line) && dated(line)
}

/// `2013/11/1 Name <a@b>` without a colon: an attribution only where a quote follows.
fn loose_attribution(joined: &str) -> bool {
    joined.ends_with('>') && joined.contains('@') && opens_dated(joined)
}

/// `On Monday, somebody wrote:`: an attribution only where a quote follows.
fn undated_attribution(line: &str) -> bool {
    // The cheap signs first: nearly every line of prose ends here.
    let Some(said) = line.strip_suffix([':', '：']).filter(|_| opens(line)) else { return false };
    let said = said.to_lowercase();
    WROTE.iter().any(|word| said.ends_with(word))
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
pub(super) fn dated(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let numeric = holds_digit(bytes)
        && bytes.iter().enumerate().any(|(at, byte)| {
            byte.is_ascii_digit()
                && match bytes.get(at + 1) {
                    Some(b':' | b'/' | b'.' | b'-') => digit(at + 2),
                    Some(next) => next.is_ascii_digit() && digit(at + 2) && digit(at + 3),
                    None => false,
                }
        });
    numeric || !text.is_ascii() && text.contains(['年', '٢', '٠'])
}
