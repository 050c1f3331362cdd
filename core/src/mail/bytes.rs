//! Small searches that ignore case and allocate nothing.

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
    // Nearly every word is ruled out by its first letter.
    words.iter().any(|word| word.starts_with(first) && begins_with(text, word))
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
    fn case_is_ignored_in_every_script() {
        assert!(begins_with_any("Envoyé DE", &["x", "envoyé de"]) && begins_with_any("ΣΤΙΣ 5", &["στις "]));
        assert!(!begins_with_any("on", &["on "]) && !begins_with_any("", &["on "]));
        assert!(contains_ignore_case(b"a MESSAGE/x", b"message/") && !contains_ignore_case(b"message", b"message/"));
    }
}
