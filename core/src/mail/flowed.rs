//! `format=flowed` text with its paragraphs whole (RFC 3676).

/// Joins lines that end in a space with the next one of the same quote depth, and takes out the spaces that were
/// stuffed in front. `delsp`: the space at the end of such a line is no part of the text.
pub(super) fn unflowed(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let inner = line.trim_start_matches('>');
        let depth = line.len() - inner.len();
        let inner = inner.strip_prefix(' ').unwrap_or(inner);
        let signature = inner == "-- ";
        if open != Some(depth) || signature {
            if open.is_some() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                out.push(' ');
            }
        }
        if inner.ends_with(' ') && !signature {
            out.push_str(if delsp { inner.strip_suffix(' ').unwrap_or(inner) } else { inner });
            open = Some(depth);
        } else {
            out.push_str(inner);
            out.push('\n');
            open = None;
        }
    }
    // `split` yields one empty line behind the last line feed.
    if open.is_none() {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unflowed;

    #[test]
    fn paragraphs_are_joined_and_quotes_and_signatures_kept_apart() {
        for (text, delsp, want) in [
            ("one \ntwo\nthree", false, "one two\nthree"),
            ("ki \nku\n", true, "kiku\n"),
            (">> a \n>> b\n> c \nd", false, ">> a b\n> c \nd"),
            (" >no quote\n  two", false, ">no quote\n two"),
            ("text \n-- \nB", false, "text \n-- \nB"),
            ("one\r\ntwo \r\nthree\r\n", false, "one\ntwo three\n"),
            ("", false, ""),
        ] {
            assert_eq!(unflowed(text, delsp), want, "{text:?}");
        }
    }
}
