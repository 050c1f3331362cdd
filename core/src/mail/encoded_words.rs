//! Encoded words in header fields (RFC 2047).
//!
//! Words next to each other are joined as bytes before their charset is read: many programs cut characters in two.
//! Text that touches a word stays touching, as people wrote it.

use super::charset::decode_charset;

/// A value with its encoded words decoded. Words that are none stay as they are. Linear in time.
pub(super) fn decode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut pending: Option<(String, Vec<u8>)> = None;
    let mut rest = value;
    while let Some(at) = rest.find("=?") {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        match word(tail) {
            Some(found) => {
                // White space between two words only separates them (RFC 2047 §6.2).
                if pending.is_none() || !before.trim().is_empty() {
                    flush(&mut pending, &mut out);
                    out.push_str(before);
                }
                match &mut pending {
                    Some((charset, bytes)) if joins(charset, found.charset) => bytes.extend(found.bytes),
                    other => {
                        flush(other, &mut out);
                        *other = Some((found.charset.to_owned(), found.bytes));
                    }
                }
                rest = found.rest;
            }
            None => {
                flush(&mut pending, &mut out);
                out.push_str(before);
                out.push_str("=?");
                rest = tail.get(2..).unwrap_or_default();
            }
        }
    }
    flush(&mut pending, &mut out);
    out.push_str(rest);
    out
}

/// Charsets with shift sequences begin anew in each word.
fn joins(charset: &str, next: &str) -> bool {
    let shifts = |name: &str| name.get(..8).is_some_and(|head| head.eq_ignore_ascii_case("iso-2022"));
    charset.eq_ignore_ascii_case(next) && !shifts(next)
}

fn flush(pending: &mut Option<(String, Vec<u8>)>, out: &mut String) {
    if let Some((charset, bytes)) = pending.take() {
        out.push_str(&decode_charset(&charset, &bytes));
    }
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    rest: &'a str,
}

/// `=?charset?B?...?=` at the start of `text`. Spaces within are a common fault and forgiven.
fn word(text: &str) -> Option<Word<'_>> {
    let inner = text.strip_prefix("=?")?;
    let (charset, inner) = inner.split_once('?').filter(|(charset, _)| charset.len() <= 40 && !charset.is_empty())?;
    let (encoding, inner) = inner.split_once('?').filter(|(encoding, _)| encoding.len() == 1)?;
    let (data, rest) = inner.split_once("?=")?;
    if data.contains("=?") {
        return None;
    }
    let bytes = match encoding {
        "q" | "Q" => quoted(data),
        "b" | "B" => base64(data),
        _ => return None,
    };
    // Characters beyond ASCII were never encoded: they have been read already.
    let charset = if data.is_ascii() { charset.split('*').next().unwrap_or(charset) } else { "utf-8" };
    Some(Word { charset, bytes, rest })
}

fn quoted(data: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut bytes = data.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'_' => out.push(b' '),
            b'=' => {
                let mut ahead = bytes.clone();
                let pair = (ahead.next().and_then(hex), ahead.next().and_then(hex));
                match pair {
                    (Some(high), Some(low)) => {
                        out.push(high << 4 | low);
                        bytes = ahead;
                    }
                    _ => out.push(b'='),
                }
            }
            byte => out.push(byte),
        }
    }
    out
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Base64 without its padding rules: each four letters are three bytes, anything else is skipped.
fn base64(data: &str) -> Vec<u8> {
    let (mut out, mut bits, mut have) = (Vec::with_capacity(data.len() * 3 / 4), 0u32, 0u32);
    for byte in data.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                // Padding ends a group; a program that padded in the middle began a new one.
                (bits, have) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push(u8::try_from(bits >> have & 0xff).unwrap_or_default());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::decode;
    use proptest::prelude::*;

    #[test]
    fn words_are_decoded_as_people_wrote_them() {
        for (value, want) in [
            ("=?iso-8859-15?Q?Show_me_your_=A4?=!", "Show me your €!"),
            ("=?utf-8?B?0J/R?= =?utf-8?B?gNC40LLQtdGC?=", "Привет"),
            ("a =?utf-8?q?b?= c", "a b c"),
            ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
            ("=?utf-8?Q?=C3=A4?=", "ä"),
            ("a =?us-ascii?Q??= b =?utf-8?Q?c?=", "a  b c"),
            ("=?x?y", "=?x?y"),
            ("=?utf-8?Z?abc?=", "=?utf-8?Z?abc?="),
        ] {
            assert_eq!(decode(value), want, "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_value_is_read(value in "(=\\?|\\?=|utf-8|\\?[QB]\\?|[=?a-zж_ ]){0,60}") {
            let _ = decode(&value);
        }
    }
}
