//! Foreign text made safe for headers and terminals.

use std::borrow::Cow;

/// One line of visible text: control, bidirectional and line-separator characters become spaces,
/// runs of white space become one. Marks without width are removed, but joiners within words stay: Persian, Indic
/// scripts and emoji need them. Everything that came from outside passes here before it stands in a
/// header (lettre panics on CR, LF and NUL in display names) or on a terminal (escape sequences).
pub fn clean_line(text: &str) -> String {
    if is_clean_line(text) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    if text.is_ascii() {
        // White space and control characters are one range here, and nothing is invisible.
        for word in text.split(|c: char| c <= ' ' || c == '\u{7f}').filter(|word| !word.is_empty()) {
            push_word(&mut line, word);
        }
        return line;
    }
    for word in text.split(|c: char| c.is_whitespace() || is_hostile(c)) {
        let visible: Cow<'_, str> = match word.contains(is_invisible) {
            true => word.chars().filter(|c| !is_invisible(*c)).collect(),
            false => Cow::Borrowed(word),
        };
        let word = visible.trim_matches(['\u{200c}', '\u{200d}']);
        if !word.is_empty() {
            push_word(&mut line, word);
        }
    }
    line
}

fn push_word(line: &mut String, word: &str) {
    if !line.is_empty() {
        line.push(' ');
    }
    line.push_str(word);
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
    let bad = |c: char| c != '\n' && c != '\t' && (is_hostile(c) || is_invisible(c));
    while let Some((at, c)) = first_suspect(rest, bad) {
        let (good, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        block.push_str(good);
        rest = tail.get(c.len_utf8()..).unwrap_or_default();
        let line_end = c == '\r' && rest.starts_with('\n');
        if !(is_invisible(c) || line_end) {
            block.push(' ');
        }
    }
    block.push_str(rest);
    block
}

/// The first character for which `bad` holds. Of the bytes that characters begin with, nearly all rule them out.
fn first_suspect(text: &str, bad: impl Fn(char) -> bool) -> Option<(usize, char)> {
    // Control characters; the lead bytes of U+0080 to U+009F, U+061C, U+180E, U+2000 to U+2FFF, U+F000 to U+FFFF.
    let suspect = |byte: u8| {
        byte < 0x20 && byte != b'\n' && byte != b'\t' || matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe1 | 0xe2 | 0xef)
    };
    let mut from = 0;
    while let Some(at) = text.as_bytes().get(from..)?.iter().position(|byte| suspect(*byte)) {
        from += at;
        let c = text.get(from..)?.chars().next()?;
        if bad(c) {
            return Some((from, c));
        }
        from += c.len_utf8();
    }
    None
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

/// `1 change`, `2 changes`.
pub fn counted(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Marks without width that reorder text or split words unseen: direction marks, zero width spaces, byte order marks.
pub(crate) fn is_invisible(c: char) -> bool {
    c >= '\u{61c}'
        && matches!(c, '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}'..='\u{2064}'
            | '\u{206a}'..='\u{206f}' | '\u{feff}')
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
    fn marks_without_width_go_and_joiners_within_words_stay() {
        assert_eq!(clean_line("pay\u{200e}pal\u{200f}.\u{61c}c\u{200b}om \u{feff} \u{2060}x"), "paypal.com x");
        let (persian, family) = ("می\u{200c}خواهم", "👨\u{200d}👩\u{200d}👧");
        assert_eq!(clean_line(&format!("\u{200d}{persian}\u{200c} {family} \u{200d}")), format!("{persian} {family}"));
        assert_eq!(
            clean_block(&format!("\u{feff}a\u{200e}b\r\n{persian}\t{family}")),
            format!("ab\n{persian}\t{family}")
        );
    }

    #[test]
    fn shortening_counts_characters_not_bytes() {
        assert_eq!(shorten("äöü", 3), "äöü");
        assert_eq!(shorten("äöüß", 3), "äö…");
    }
}
