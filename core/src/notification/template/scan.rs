//! Names in templates and in expressions.

use super::problem::Span;
use super::translate::{Scope, Translated, Used};

/// Length of `name(.name)*` at the start of `text`; the full stop of a sentence is not part of it.
pub(super) fn path_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let starts = |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
    let goes_on = |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    if !starts(0) {
        return 0;
    }
    let mut at = 0;
    loop {
        while goes_on(at) {
            at += 1;
        }
        if bytes.get(at) == Some(&b'.') && starts(at + 1) {
            at += 1;
        } else {
            return at;
        }
    }
}

/// Where the `}` of `${` stands, seen from after the brace; braces in string literals do not count.
pub(super) fn closing_brace(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'}' if !quoted => return Some(at),
            b'\n' => return None,
            _ => {}
        }
    }
    None
}

const WORDS: [&str; 8] = ["if", "else", "for", "in", "with", "as", "true", "false"];

/// Notes the variables and filters of an expression that stands at `at` in the source.
pub(super) fn expression(text: &str, at: usize, out: &mut Translated, scopes: &[Scope], block: bool) {
    out.expressions.push((at, at + text.len()));
    let bytes = text.as_bytes();
    let (mut i, mut filter, mut binds) = (0, false, false);
    let (seen, filters) = (out.used.len(), out.filters.len());
    while let Some(byte) = bytes.get(i) {
        match byte {
            b'"' => {
                i += 1;
                while let Some(inner) = bytes.get(i).filter(|b| **b != b'"') {
                    i += if *inner == b'\\' { 2 } else { 1 };
                }
            }
            b'|' => filter = true,
            b'.' | b'0'..=b'9' => {
                // Numbers, and `.name` after a bracket, are no variables.
                while bytes.get(i + 1).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'.' || *b == b'_') {
                    i += 1;
                }
            }
            _ => {
                let tail = text.get(i..).unwrap_or_default();
                let length = path_length(tail);
                if length > 0 {
                    let path = tail.get(..length).unwrap_or_default();
                    let called = tail.get(length..).is_some_and(|rest| rest.trim_start().starts_with('('));
                    let span = (at + i, at + i + length);
                    if (block && WORDS.contains(&path)) || matches!(path, "true" | "false" | "none" | "not") {
                        binds = path == "as";
                    } else if filter || called {
                        filter = false;
                        out.filters.push(Used { name: path.to_owned(), start: span.0, end: span.1, bare: false });
                    } else if binds {
                        binds = false;
                    } else if !in_scope(scopes, path) {
                        let bare = !block && !is_filled(scopes, path);
                        out.used.push(Used { name: path.to_owned(), start: span.0, end: span.1, bare });
                    }
                    i += length - 1;
                } else if *byte == b'$' {
                    let message = "inside `{% %}` and `${ }` names stand without `$`".to_owned();
                    out.problems.push(Span { start: at + i, end: at + i + 1, message });
                }
            }
        }
        i += 1;
    }
    let has_default = out.filters.get(filters..).is_some_and(|new| new.iter().any(|used| used.name == "default"));
    if has_default {
        out.used.iter_mut().skip(seen).for_each(|used| used.bare = false);
    }
}

/// Whether a block around it asks for this variable.
pub(super) fn is_filled(scopes: &[Scope], path: &str) -> bool {
    scopes.iter().flat_map(|scope| &scope.filled).any(|name| name == path)
}

pub(super) fn in_scope(scopes: &[Scope], path: &str) -> bool {
    let head = path.split('.').next().unwrap_or_default();
    scopes.iter().flat_map(|scope| &scope.names).any(|name| name == head)
}
