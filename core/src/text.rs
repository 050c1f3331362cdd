//! Foreign text made safe for headers and terminals.

/// One line of visible text: control, bidirectional and line-separator characters become spaces,
/// runs of white space become one. Everything that came from outside passes here before it stands in a
/// header (lettre panics on CR, LF and NUL in display names) or on a terminal (escape sequences).
pub fn clean_line(text: &str) -> String {
    let visible: String = text.chars().map(|c| if is_hostile(c) { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As [`clean_line`], but line feeds and tabs stay: for bodies shown in a terminal. CR LF becomes LF.
pub fn clean_block(text: &str) -> String {
    text.replace("\r\n", "\n").chars().map(|c| if c != '\n' && c != '\t' && is_hostile(c) { ' ' } else { c }).collect()
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
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_no_control_or_direction_characters() {
        assert_eq!(clean_line("Иван\r\nBcc: x@y \u{202e}evil\0\x1b[31m"), "Иван Bcc: x@y evil [31m");
        assert_eq!(clean_block("a\r\nb\tc\x1b]0;x\x07"), "a\nb\tc ]0;x ");
    }

    #[test]
    fn shortening_counts_characters_not_bytes() {
        assert_eq!(shorten("äöü", 3), "äöü");
        assert_eq!(shorten("äöüß", 3), "äö…");
    }
}
