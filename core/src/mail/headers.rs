//! Header values made plain: unfolded, decoded, clean, capped.

use super::NamedAddress;
use super::encoded_words::decode;
use crate::text::clean_line;
use std::borrow::Cow;

/// A raw field value as one clean line. 8-bit bytes are read as UTF-8 or, failing that, as Latin-1.
pub(super) fn header_value(raw: &[u8], max: usize) -> String {
    let raw = raw.get(..max).unwrap_or(raw);
    let text = match std::str::from_utf8(raw) {
        Ok(text) => Cow::Borrowed(text),
        Err(e) if e.error_len().is_none() => String::from_utf8_lossy(raw),
        Err(_) => Cow::Owned(raw.iter().map(|b| char::from(*b)).collect()),
    };
    if text.contains("=?") {
        // Unfolded first: a fold within a word is a fault that programs make.
        return clean_line(&decode(&clean_line(&text)));
    }
    clean_line(&text)
}

/// Whether a `Return-Path` value is the null path.
pub(super) fn null_return_path(value: &str) -> bool {
    let path: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    path == "<>" || path.eq_ignore_ascii_case("<MAILER-DAEMON>") || path.is_empty()
}

/// Names as one clean line, addresses without white space; entries without an address are left out.
pub(super) fn clean_addresses(pairs: &[(Option<&str>, Option<&str>)], max: usize) -> Vec<NamedAddress> {
    let mut clean = Vec::with_capacity(pairs.len().min(max));
    for (name, address) in pairs.iter().take(max) {
        let address: String = match address {
            Some(address) => clean_line(address).chars().filter(|c| !c.is_whitespace()).take(320).collect(),
            None => continue,
        };
        let address = unquoted(address.trim_matches(['<', '>'])).to_owned();
        if address.is_empty() {
            continue;
        }
        let name = name.map(clean_line).filter(|n| !n.is_empty());
        let name = name.map(|n| if n.len() > 512 { crate::text::shorten(&n, 255) } else { n });
        clean.push(NamedAddress { name, address });
    }
    clean
}

/// Without quotes around the whole; those of a local part such as `"a b"@c` belong to it.
fn unquoted(address: &str) -> &str {
    ['\'', '"'].iter().fold(address, |address, quote| {
        let inner = address.strip_prefix(*quote).and_then(|rest| rest.strip_suffix(*quote));
        inner.unwrap_or(if address.matches(*quote).count() == 1 { address.trim_matches(*quote) } else { address })
    })
}

/// Message ids without brackets and white space; longer ones than RFC 5322's line length are not ids.
pub(super) fn clean_ids<'a>(ids: impl IntoIterator<Item = &'a str>, max: usize) -> Vec<String> {
    let plain = |id: &str| -> String {
        id.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>')).collect()
    };
    ids.into_iter().map(plain).filter(|id| !id.is_empty() && id.len() <= 998).take(max).collect()
}
