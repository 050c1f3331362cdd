//! Small searches that allocate nothing.

/// Bytes that are compared at once: short enough for lines, long enough for the processor's wide registers.
const AT_ONCE: usize = 32;

/// Where a byte stands first. Written so that the compiler compares many bytes at once: mails are long.
pub(super) fn find_byte(haystack: &[u8], wanted: u8) -> Option<usize> {
    let (chunks, rest) = haystack.as_chunks::<AT_ONCE>();
    let holds = |chunk: &[u8; AT_ONCE]| chunk.iter().fold(false, |found, byte| found | (*byte == wanted));
    match chunks.iter().position(holds) {
        Some(at) => {
            let within = chunks.get(at)?.iter().position(|byte| *byte == wanted)?;
            Some(at * AT_ONCE + within)
        }
        None => rest.iter().position(|byte| *byte == wanted).map(|at| haystack.len() - rest.len() + at),
    }
}

/// The line that begins at `at`, with its line feed.
pub(super) fn line_at(text: &[u8], at: usize) -> &[u8] {
    let rest = text.get(at..).unwrap_or_default();
    let end = find_byte(rest, b'\n').map_or(rest.len(), |end| end + 1);
    rest.get(..end).unwrap_or_default()
}

/// Whether any byte is a digit.
pub(super) fn holds_digit(text: &[u8]) -> bool {
    text.chunks(AT_ONCE).any(|chunk| chunk.iter().fold(false, |found, byte| found | byte.is_ascii_digit()))
}

/// Whether `haystack` holds `needle` (in lower case, beginning with a letter), ASCII case ignored.
pub(super) fn contains_ignore_case(haystack: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else { return true };
    let ends = haystack.len().checked_sub(needle.len()).map_or(0, |last| last + 1);
    haystack.iter().take(ends).enumerate().any(|(at, byte)| {
        byte | 0x20 == *first
            && haystack.get(at..at + needle.len()).is_some_and(|part| part.eq_ignore_ascii_case(needle))
    })
}

/// Whether `text` begins with one of these words (in lower case), case ignored.
pub(super) fn begins_with_any(text: &str, words: &[&str]) -> bool {
    let Some(first) = text.chars().next().and_then(|c| c.to_lowercase().next()) else { return false };
    let lead = first.encode_utf8(&mut [0; 4]).bytes().next();
    // Nearly every word is ruled out by its first byte.
    words.iter().any(|word| word.bytes().next() == lead && begins_with(text, word))
}

/// Lowers no more of `text` than it takes to tell.
fn begins_with(text: &str, word: &str) -> bool {
    // At the end of a word, capital sigma is lowered to another letter than within.
    let plain = |c: char| if c == 'ς' { 'σ' } else { c };
    let mut lower = text.chars().flat_map(char::to_lowercase).map(plain);
    word.chars().map(plain).all(|c| lower.next() == Some(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for at in 0..100 {
            let mut text = [b'a'; 100];
            text[at] = b'\n';
            assert_eq!(find_byte(&text, b'\n'), Some(at));
            assert_eq!((line_at(&text, 0).len(), line_at(&text, at + 1).len()), (at + 1, 99 - at));
            text[at] = b'7';
            assert!(holds_digit(&text) && find_byte(&text, b'\n').is_none());
        }
        assert!(find_byte(b"", b'x').is_none() && !holds_digit(b"/:") && line_at(b"a", 5).is_empty());
    }

    #[test]
    fn case_is_ignored_in_every_script() {
        assert!(begins_with_any("Envoyé DE", &["x", "envoyé de"]) && begins_with_any("ΣΤΙΣ 5", &["στις "]));
        assert!(!begins_with_any("on", &["on "]) && !begins_with_any("", &["on "]));
        assert!(contains_ignore_case(b"a MESSAGE/x", b"message/") && !contains_ignore_case(b"message", b"message/"));
    }
}
