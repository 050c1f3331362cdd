//! Bytes as text.

use mail_parser::decoders::charsets::map::charset_decoder;

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
