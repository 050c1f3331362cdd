//! Small searches on bytes.

/// Whether `haystack` holds `needle` (in lower case), ASCII case ignored.
pub(super) fn contains_ignore_case(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.len() >= needle.len() && haystack.windows(needle.len()).any(|w| w.eq_ignore_ascii_case(needle))
}
