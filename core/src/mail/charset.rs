//! Bytes as text, also where they are not in the charset that was declared.

use mail_parser::decoders::charsets::map::charset_decoder;

/// What bytes say that were declared in a charset they are not in; `None` where nothing speaks against the declaration.
///
/// Text of other charsets is hardly ever valid UTF-8 by chance. What is left is told apart by where its letters lie:
/// Cyrillic text is made of high bytes, Western text has few of them.
pub(super) fn redecoded(bytes: &[u8], unreadable: bool) -> Option<String> {
    if bytes.is_ascii() {
        let japanese = unreadable || bytes.windows(3).any(|w| matches!(w, b"\x1b$B" | b"\x1b$@"));
        return japanese.then(|| decode_charset("iso-2022-jp", bytes)).filter(|text| !text.contains('\u{fffd}'));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Replaced before it was declared: there is nothing left to read.
        return (!text.contains('\u{fffd}')).then(|| text.to_owned());
    }
    // Cut within a character, as a mail that was cut off is.
    if let Err(error) = std::str::from_utf8(bytes)
        && error.error_len().is_none()
        && error.valid_up_to() > 0
    {
        return Some(String::from_utf8_lossy(bytes).into_owned());
    }
    unreadable.then(|| decode_charset(eight_bit(bytes), bytes))
}

/// The likely charset of 8-bit text that is not UTF-8.
fn eight_bit(bytes: &[u8]) -> &'static str {
    let count = |wanted: fn(&u8) -> bool| bytes.iter().filter(|byte| wanted(byte)).count();
    let (latin, high) = (count(u8::is_ascii_alphabetic), count(|byte| *byte >= 0xc0));
    // Small letters, of which there are many more, fill the upper half in Windows-1251 and the lower in KOI8-R.
    match (high > latin, count(|byte| *byte >= 0xe0) * 2 >= high) {
        (true, true) => "windows-1251",
        (true, false) => "koi8-r",
        (false, _) => "windows-1252",
    }
}

/// Bytes read by the charset of this name, or as UTF-8 where the name is unknown.
pub(super) fn decode_charset(charset: &str, bytes: &[u8]) -> String {
    match charset_decoder(charset.trim().as_bytes()) {
        Some(decode) => decode(bytes),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Appends what an HTML entity (`&...;`) stands for.
pub(super) fn push_entity(entity: &str, out: &mut String) {
    mail_parser::decoders::html::add_html_token(out, entity.as_bytes(), false);
}

#[cfg(test)]
mod tests {
    use super::redecoded;

    #[test]
    fn bytes_win_over_what_was_declared() {
        let cyrillic = b"\xcf\xf0\xe8\xe2\xe5\xf2, \xea\xe0\xea \xe4\xe5\xeb\xe0";
        let koi8 = b"\xf0\xd2\xc9\xd7\xc5\xd4, \xcb\xc1\xcb";
        for (bytes, unreadable, want) in [
            ("für".as_bytes(), false, Some("für")),
            (b"f\xfcr Sie", true, Some("für Sie")),
            (b"f\xfcr Sie", false, None),
            (cyrillic, true, Some("Привет, как дела")),
            (koi8, true, Some("Привет, как")),
            (b"\x1b$B$3$s\x1b(B", false, Some("こん")),
            (b"plain", false, None),
            ("\u{fffd}".as_bytes(), true, None),
        ] {
            assert_eq!(redecoded(bytes, unreadable).as_deref(), want, "{bytes:?}");
        }
    }
}
