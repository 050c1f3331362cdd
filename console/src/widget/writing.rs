//! A text that is being written, with the hardware cursor in it.

use super::canvas::{Canvas, row};
use super::fit;
use crate::app::text::EditedText;
use crate::output::{Span, Style};
use ratatui::layout::Rect;

/// Draws the part of the text around its cursor. Long lines go on below.
pub fn draw(text: &EditedText, area: Rect, focused: bool, canvas: &mut Canvas<'_, '_>) {
    let width = usize::from(area.width).saturating_sub(1).max(1);
    let (line, column) = text.cursor();
    let (mut rows, mut at) = (Vec::new(), (0, 0));
    for (number, content) in text.lines().enumerate() {
        let pieces = pieces(&content, width);
        if number == line {
            at = place(&pieces, column);
            at.0 += rows.len();
        }
        rows.extend(pieces);
    }
    let height = usize::from(area.height);
    let top = at.0.saturating_add(1).saturating_sub(height);
    for (index, piece) in rows.iter().skip(top).take(height).enumerate() {
        canvas.line(row(area, index), &[Span::exact(Style::Plain, piece)]);
    }
    if focused && height > 0 {
        let x = u16::try_from(at.1).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
        canvas.cursor(area.x + x, row(area, at.0 - top).y);
    }
}

/// A line in pieces of at most `width` columns; an empty line is one empty piece.
fn pieces(line: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for c in line.chars() {
        let wide = fit::width(c.encode_utf8(&mut [0; 4]));
        if used + wide > width {
            pieces.push(String::new());
            used = 0;
        }
        used += wide;
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    pieces
}

/// Row and column of a position counted in characters.
fn place(pieces: &[String], column: usize) -> (usize, usize) {
    let mut left = column;
    for (index, piece) in pieces.iter().enumerate() {
        let held = piece.chars().count();
        if left <= held && (left < held || index + 1 == pieces.len()) {
            return (index, fit::width(&piece.chars().take(left).collect::<String>()));
        }
        left -= held.min(left);
    }
    (pieces.len().saturating_sub(1), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_is_where_the_text_is() {
        let long = pieces("abcdef見", 3);
        assert_eq!(long, ["abc", "def", "見"]);
        assert_eq!([place(&long, 0), place(&long, 3), place(&long, 7)], [(0, 0), (1, 0), (2, 2)]);
        assert_eq!(place(&pieces("", 3), 0), (0, 0));
    }
}
