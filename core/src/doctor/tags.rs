//! `tag=value; tag=value` lists, as DKIM and DMARC records are written (RFC 6376 §3.2).

use super::MAX_TEXT;

/// The tags in their order, names in lower case.
///
/// # Errors
/// What is wrong with the list, in words.
pub(super) fn tags(text: &str) -> Result<Vec<(String, String)>, String> {
    if text.len() > MAX_TEXT {
        return Err(format!("it is {} bytes long", text.len()));
    }
    let mut list: Vec<(String, String)> = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let Some((name, value)) = part.split_once('=') else {
            return Err(format!("\"{}\" has no =", crate::text::shorten(part, 40)));
        };
        let name = name.trim().to_ascii_lowercase();
        if list.iter().any(|(known, _)| *known == name) {
            return Err(format!("the tag {} is there twice", crate::text::shorten(&name, 40)));
        }
        list.push((name, value.trim().to_owned()));
    }
    Ok(list)
}

pub(super) fn value<'a>(list: &'a [(String, String)], name: &str) -> Option<&'a str> {
    list.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}
