//! Text measured and cut by the columns it takes on a terminal.

use ratatui::text::Span;

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    Span::raw(text).width()
}

/// At most `room` columns, with an ellipsis where something was cut. Tabs become spaces.
pub fn cut(text: &str, room: usize) -> String {
    let text = text.replace('\t', "    ");
    if width(&text) <= room {
        return text;
    }
    let mut short = String::new();
    let mut used = 1;
    for grapheme in Span::raw(text.as_str()).styled_graphemes(ratatui::style::Style::new()) {
        used += width(grapheme.symbol);
        if used > room {
            break;
        }
        short.push_str(grapheme.symbol);
    }
    if room > 0 {
        short.push('…');
    }
    short
}

/// Exactly `room` columns: cut or filled up.
pub fn exactly(text: &str, room: usize, right: bool) -> String {
    let text = cut(text, room);
    let blank = " ".repeat(room.saturating_sub(width(&text)));
    if right { blank + &text } else { text + &blank }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_two() {
        assert_eq!([width("abc"), width("見積"), width("é")], [3, 4, 1]);
        assert_eq!(cut("見積もり", 5), "見積…");
        assert_eq!(cut("見積もり", 8), "見積もり");
        assert_eq!([cut("abc", 2), cut("abc", 0)], ["a…", ""]);
        assert_eq!([exactly("見", 4, false), exactly("7", 3, true)], ["見  ", "  7"]);
    }
}
