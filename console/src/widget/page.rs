//! A page of text: wrapped to the room, scrolled.

use super::canvas::{Canvas, row};
use super::fit;
use crate::app::cursor::Scroll;
use crate::output::{Page, Span, Style};
use ratatui::layout::Rect;

/// Draws the part of a page that is scrolled to; `scroll` learns what was visible.
pub fn draw(page: &Page, area: Rect, scroll: &Scroll, canvas: &mut Canvas<'_, '_>) {
    let lines = wrapped(page, usize::from(area.width));
    let top = scroll.window(lines.len(), usize::from(area.height));
    for (index, line) in lines.iter().skip(top).take(usize::from(area.height)).enumerate() {
        canvas.line(row(area, index), line);
    }
}

/// A sentence in place of what is not there, broken where it is too long.
pub fn say(style: Style, text: &str, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let mut page = Page::default();
    page.line([Span::new(style, text)]);
    draw(&page, area, &Scroll::default(), canvas);
}

/// How many rows a page takes at this width.
pub fn rows(page: &Page, width: usize) -> usize {
    wrapped(page, width).len()
}

/// The lines of a page, broken at spaces where they are too long; what goes on is indented as its line.
pub fn wrapped(page: &Page, width: usize) -> Vec<Vec<Span>> {
    page.lines().iter().flat_map(|line| wrap(line, width.max(1))).collect()
}

fn wrap(line: &[Span], width: usize) -> Vec<Vec<Span>> {
    if line.iter().map(|span| fit::width(span.text())).sum::<usize>() <= width {
        return vec![line.to_vec()];
    }
    let first = line.first().map(Span::text).unwrap_or_default();
    let indent = (first.len() - first.trim_start().len()).min(width / 2);
    let (mut lines, mut current, mut used) = (Vec::new(), Vec::new(), 0);
    for span in line {
        let mut rest = span.text();
        while !rest.is_empty() {
            let room = width - used.min(width);
            let taken = head(rest, room, used <= indent);
            let (now, later) = rest.split_at_checked(taken).unwrap_or((rest, ""));
            if !now.is_empty() {
                current.push(Span::exact(span.style(), now));
                used += fit::width(now);
            }
            rest = later;
            if !rest.is_empty() {
                lines.push(std::mem::take(&mut current));
                rest = rest.trim_start();
                current.push(Span::exact(span.style(), &" ".repeat(indent)));
                used = indent;
            }
        }
    }
    lines.push(current);
    lines
}

/// How many bytes go on this line: up to the last space that fits, or, on a fresh line, as much as fits.
fn head(text: &str, room: usize, fresh: bool) -> usize {
    let (mut used, mut space, mut end) = (0, None, 0);
    for (at, c) in text.char_indices() {
        let mut buffer = [0; 4];
        used += fit::width(c.encode_utf8(&mut buffer));
        if used > room {
            return match space {
                Some(at) => at,
                // A word longer than a line is broken, but not before it had a line of its own.
                None if fresh => end.max(text.chars().next().map_or(0, char::len_utf8)),
                None => 0,
            };
        }
        end = at + c.len_utf8();
        if c == ' ' {
            space = Some(end);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spans: Vec<Span>, width: usize, want: &[&str]) {
        let text = |line: &Vec<Span>| line.iter().map(Span::text).collect::<String>();
        let lines: Vec<String> = wrap(&spans, width).iter().map(text).collect();
        assert_eq!(lines, want);
    }

    #[test]
    fn long_lines_go_on_below_with_their_indent() {
        let line = |text: &str| vec![Span::exact(Style::Plain, text)];
        check(line("one two three"), 80, &["one two three"]);
        check(line("one two three"), 8, &["one two ", "three"]);
        check(line("  one two three"), 8, &["  one ", "  two ", "  three"]);
        check(line("abcdefghij"), 4, &["abcd", "efgh", "ij"]);
        check(line("x abcdefghij"), 6, &["x ", "abcdef", "ghij"]);
        check(vec![Span::exact(Style::Dim, "ab "), Span::exact(Style::Bad, "cdef")], 5, &["ab ", "cdef"]);
        check(line("見積もり"), 5, &["見積", "もり"]);
    }
}
