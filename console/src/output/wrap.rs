//! Long lines broken at spaces, for reading on a terminal.

/// The pieces of one line, each at most `width` columns where its words allow; the pieces joined by a space are the
/// line. Words longer than a line (links) stay whole, so that they can be followed.
pub fn wrap(line: &str, width: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut used = 0;
    for (position, word) in line.split(' ').enumerate() {
        let needed: usize = word.chars().map(columns).sum();
        if position > 0 && used + 1 + needed > width && !piece.trim().is_empty() {
            pieces.push(std::mem::take(&mut piece));
            used = 0;
        } else if position > 0 {
            piece.push(' ');
            used += 1;
        }
        piece.push_str(word);
        used += needed;
    }
    pieces.push(piece);
    pieces
}

/// Columns of a character, near enough to choose where a line breaks: the wide blocks of Unicode TR 11 count two.
fn columns(c: char) -> usize {
    match c {
        '\t' => 8,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, width: usize, want: &[&str]) {
        assert_eq!(wrap(line, width), want, "{line:?}");
        assert_eq!(wrap(line, width).join(" "), line);
    }

    #[test]
    fn lines_break_at_spaces() {
        check("", 10, &[""]);
        check("one two three", 7, &["one two", "three"]);
        check("one two three", 80, &["one two three"]);
        check("  indented text", 10, &["  indented", "text"]);
        check(
            "see https://example.org/a/very/long/link now",
            12,
            &["see", "https://example.org/a/very/long/link", "now"],
        );
        check("日本 日本", 6, &["日本", "日本"]);
    }
}
