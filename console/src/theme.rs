//! How things look: the terminal's own colours by their sixteen names, or none; Unicode signs, or ASCII.
//!
//! Words and signs carry the meaning; colour only repeats it. What does not fit the terminal is replaced in the
//! finished picture, in one place, so that no view has to think of it.

use crate::output::Style;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style as Cells};

/// What the terminal can show, and what the person wants of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub colours: bool,
    pub unicode: bool,
}

impl Look {
    /// The cells of a piece of text.
    pub fn of(self, style: Style) -> Cells {
        match style {
            Style::Plain => Cells::new(),
            Style::Strong => Cells::new().add_modifier(Modifier::BOLD),
            Style::Dim => Cells::new().add_modifier(Modifier::DIM),
            Style::Good => Cells::new().fg(Color::Green),
            Style::Bad => Cells::new().fg(Color::Red).add_modifier(Modifier::BOLD),
            Style::Attention => Cells::new().fg(Color::Yellow),
        }
    }

    /// The row that the cursor is on.
    pub fn selected(self) -> Cells {
        Cells::new().add_modifier(Modifier::REVERSED)
    }

    /// Makes the finished picture fit the terminal.
    pub fn finish(self, picture: &mut Buffer) {
        for cell in &mut picture.content {
            if !self.unicode && !cell.symbol().is_ascii() {
                cell.set_symbol(ascii(cell.symbol()));
            }
            if !self.colours {
                cell.fg = Color::Reset;
                cell.bg = Color::Reset;
                cell.underline_color = Color::Reset;
            }
        }
    }
}

/// A character that stands for another where only ASCII can be shown.
fn ascii(symbol: &str) -> &'static str {
    match symbol {
        "─" | "┄" | "–" | "—" => "-",
        "│" => "|",
        "┌" | "┐" | "└" | "┘" | "├" | "┤" | "┬" | "┴" => "+",
        "▸" | "›" | "→" => ">",
        "▾" => "v",
        "●" | "•" => "*",
        "✔" => "+",
        "✖" => "x",
        "·" => ".",
        "…" => "~",
        "↑" => "^",
        "▁" => "1",
        "▂" => "2",
        "▃" => "3",
        "▄" => "4",
        "▅" => "5",
        "▆" => "6",
        "▇" => "7",
        "█" => "8",
        "\u{a0}" => " ",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;

    #[test]
    fn a_plain_terminal_gets_ascii_without_colours() {
        let mut picture = Buffer::empty(Rect::new(0, 0, 6, 1));
        picture.set_string(0, 0, "│é日x", Cells::new().fg(Color::Red).add_modifier(Modifier::BOLD));
        Look { colours: false, unicode: false }.finish(&mut picture);
        let text: String = picture.content.iter().map(|cell| cell.symbol()).collect();
        assert_eq!(text, "|?? x ");
        assert!(picture.content.iter().all(|cell| cell.fg == Color::Reset));
        assert!(picture.content[0].modifier.contains(Modifier::BOLD));
    }
}
