//! Foreign text made safe for headers and terminals.

/// One line of visible text: control, bidirectional and line-separator characters become spaces,
/// runs of white space become one. Everything that came from outside passes here before it stands in a
/// header (lettre panics on CR, LF and NUL in display names) or on a terminal (escape sequences).
pub fn clean_line(text: &str) -> String {
    if is_clean_line(text) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || is_hostile(c)).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Whether [`clean_line`] has nothing to do: printable ASCII with single spaces, as nearly every header value.
fn is_clean_line(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if !(0x20..0x7f).contains(&byte) || byte == b' ' && before == b' ' {
            return false;
        }
        before = byte;
    }
    text.is_empty() || before != b' '
}

/// As [`clean_line`], but line feeds and tabs stay: for bodies shown in a terminal. CR LF becomes LF.
pub fn clean_block(text: &str) -> String {
    let mut block = String::with_capacity(text.len());
    let mut rest = text;
    // Whole runs of good characters are copied at once: nearly all of a body is one.
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| *c != '\n' && *c != '\t' && is_hostile(*c)) {
        let (good, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        block.push_str(good);
        rest = tail.get(c.len_utf8()..).unwrap_or_default();
        if !(c == '\r' && rest.starts_with('\n')) {
            block.push(' ');
        }
    }
    block.push_str(rest);
    block
}

/// At most `max` characters, with an ellipsis where something was cut.
pub fn shorten(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(max.saturating_sub(1)).collect();
    short.push('…');
    short
}

fn is_hostile(c: char) -> bool {
    // Most characters of most texts are ruled out by one comparison.
    (c < '\u{a0}' && c.is_control())
        || c >= '\u{2028}' && matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_no_control_or_direction_characters() {
        assert_eq!(clean_line("Иван\r\nBcc: x@y \u{202e}evil\0\x1b[31m"), "Иван Bcc: x@y evil [31m");
        assert_eq!(clean_block("a\r\nb\tc\x1b]0;x\x07"), "a\nb\tc ]0;x ");
        for (text, want) in
            [(" a", "a"), ("a ", "a"), ("a  b", "a b"), ("", ""), (" ", ""), ("a\u{a0}b", "a b"), ("a b", "a b")]
        {
            assert_eq!(clean_line(text), want, "{text:?}");
        }
        assert_eq!(clean_block("\r\r\n\r\na\rb\r"), " \n\na b ");
    }

    #[test]
    fn shortening_counts_characters_not_bytes() {
        assert_eq!(shorten("äöü", 3), "äöü");
        assert_eq!(shorten("äöüß", 3), "äö…");
    }
}
