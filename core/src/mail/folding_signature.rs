//! Signatures among the new lines of a text.

use super::SectionKind;
use super::bytes::{begins_with_any, contains_ignore_case};
use super::folding_patterns::{Line, bare, fill};
use super::folding_words::SENT_FROM;

/// More lines than this below a delimiter are no signature.
const LONGEST_SIGNATURE: usize = 40;

/// Marks signatures among the new lines: after `-- ` (RFC 3676 §4.3) and the small ones of phones.
pub(super) fn signatures(lines: &[Line<'_>], kinds: &mut [SectionKind]) {
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
        // Mailing lists put their footers below underscores.
        || (line.len() >= 2 && line.bytes().all(|b| b == b'_'))
}

fn sent_from(line: &str) -> bool {
    let plain = bare(line).trim_start_matches(['<', '(', '[', '-', '>', ' ', '\u{202b}']);
    let apple = || {
        let bytes = plain.as_bytes();
        let could = bytes.iter().zip(bytes.iter().skip(1)).any(|(i, p)| i | 0x20 == b'i' && p | 0x20 == b'p');
        could && ["iphone", "ipad"].iter().any(|name| contains_ignore_case(bytes, name.as_bytes()))
    };
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
