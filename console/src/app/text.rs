//! Texts that a person edits: one line or several, with the keys of readline.

use super::key::{Code, Key};

/// A text with a cursor. Positions are counted in characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditedText {
    lines: Vec<Vec<char>>,
    line: usize,
    column: usize,
    several_lines: bool,
    /// What the last Ctrl-K, Ctrl-U or Ctrl-W took, for Ctrl-Y.
    cut: Vec<char>,
}

impl EditedText {
    /// One line; line ends that are pasted become spaces.
    pub fn line(text: &str) -> Self {
        let mut edited = Self { lines: vec![Vec::new()], ..Self::default() };
        edited.insert(text);
        edited
    }

    /// Several lines, the cursor at the end.
    pub fn area(text: &str) -> Self {
        let mut edited = Self { lines: vec![Vec::new()], several_lines: true, ..Self::default() };
        edited.insert(text);
        edited
    }

    pub fn text(&self) -> String {
        self.lines.iter().map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("\n")
    }

    pub fn is_blank(&self) -> bool {
        self.lines.iter().flatten().all(|character| character.is_whitespace())
    }

    /// The lines, without their ends.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.lines.iter().map(|line| line.iter().collect())
    }

    /// Line and column of the cursor, from 0.
    pub fn cursor(&self) -> (usize, usize) {
        (self.line, self.column)
    }

    /// Puts text in at the cursor. Control characters other than line ends and tabs do not come in.
    pub fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        for character in text.chars() {
            match character {
                '\n' if self.several_lines => self.break_line(),
                '\n' | '\t' => self.put(' '),
                other if other.is_control() => {}
                other => self.put(other),
            }
        }
    }

    /// Does what the key says; false where the key is not one of a text.
    pub fn press(&mut self, key: Key) -> bool {
        match (key.ctrl, key.code) {
            (false, Code::Char(character)) => self.put(character),
            (false, Code::Enter) if self.several_lines => self.break_line(),
            (false, Code::Backspace) | (true, Code::Char('h')) => self.backspace(),
            (false, Code::Delete) | (true, Code::Char('d')) => self.delete(),
            (false, Code::Left) | (true, Code::Char('b')) => self.left(),
            (false, Code::Right) | (true, Code::Char('f')) => self.right(),
            (false, Code::Up) if self.several_lines => self.vertical(-1),
            (false, Code::Down) if self.several_lines => self.vertical(1),
            (false, Code::PageUp) if self.several_lines => self.vertical(-10),
            (false, Code::PageDown) if self.several_lines => self.vertical(10),
            (false, Code::Home) | (true, Code::Char('a')) => self.column = 0,
            (false, Code::End) | (true, Code::Char('e')) => self.column = self.current().len(),
            (true, Code::Char('k')) => self.cut_to_end(),
            (true, Code::Char('u')) => self.cut_from_start(),
            (true, Code::Char('w')) => self.cut_word(),
            (true, Code::Char('y')) => self.insert(&self.cut.iter().collect::<String>()),
            _ => return false,
        }
        true
    }

    fn current(&self) -> &[char] {
        self.lines.get(self.line).map_or(&[], Vec::as_slice)
    }

    fn with_line(&mut self, change: impl FnOnce(&mut Vec<char>, &mut usize)) {
        if let Some(line) = self.lines.get_mut(self.line) {
            self.column = self.column.min(line.len());
            change(line, &mut self.column);
        }
    }

    fn put(&mut self, character: char) {
        self.with_line(|line, column| {
            line.insert(*column, character);
            *column += 1;
        });
    }

    fn break_line(&mut self) {
        let mut tail = Vec::new();
        self.with_line(|line, column| tail = line.split_off(*column));
        self.line += 1;
        self.lines.insert(self.line.min(self.lines.len()), tail);
        self.column = 0;
    }

    fn backspace(&mut self) {
        if self.column > 0 {
            self.with_line(|line, column| {
                *column -= 1;
                line.remove(*column);
            });
        } else if self.line > 0 {
            let tail = self.lines.remove(self.line);
            self.line -= 1;
            self.column = self.current().len();
            self.with_line(|line, _| line.extend(tail));
        }
    }

    fn delete(&mut self) {
        if self.column < self.current().len() {
            self.with_line(|line, column| {
                line.remove(*column);
            });
        } else if self.line + 1 < self.lines.len() {
            let tail = self.lines.remove(self.line + 1);
            self.with_line(|line, _| line.extend(tail));
        }
    }

    fn left(&mut self) {
        if self.column > 0 {
            self.column -= 1;
        } else if self.line > 0 {
            self.line -= 1;
            self.column = self.current().len();
        }
    }

    fn right(&mut self) {
        if self.column < self.current().len() {
            self.column += 1;
        } else if self.line + 1 < self.lines.len() {
            self.line += 1;
            self.column = 0;
        }
    }

    fn vertical(&mut self, by: isize) {
        self.line = self.line.saturating_add_signed(by).min(self.lines.len().saturating_sub(1));
        self.column = self.column.min(self.current().len());
    }

    fn cut_to_end(&mut self) {
        let mut cut = Vec::new();
        self.with_line(|line, column| cut = line.split_off(*column));
        if cut.is_empty() {
            self.delete();
        }
        self.cut = cut;
    }

    fn cut_from_start(&mut self) {
        let mut cut = Vec::new();
        self.with_line(|line, column| {
            cut = line.drain(..*column).collect();
            *column = 0;
        });
        self.cut = cut;
    }

    fn cut_word(&mut self) {
        let mut cut = Vec::new();
        self.with_line(|line, column| {
            let before = line.get(..*column).unwrap_or_default();
            let blanks = before.iter().rev().take_while(|c| c.is_whitespace()).count();
            let word = before.iter().rev().skip(blanks).take_while(|c| !c.is_whitespace()).count();
            let start = *column - blanks - word;
            cut = line.drain(start..*column).collect();
            *column = start;
        });
        self.cut = cut;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(text: &mut EditedText, keys: &[Key]) {
        for key in keys {
            assert!(text.press(*key), "{key}");
        }
    }

    #[test]
    fn the_keys_of_readline() {
        let mut text = EditedText::line("one two three");
        press(&mut text, &[Key::ctrl('w'), Key::ctrl('w'), Key::ctrl('y'), Key::ctrl('a'), Key::char('ü')]);
        assert_eq!((text.text().as_str(), text.cursor()), ("üone two ", (0, 1)));
        press(&mut text, &[Key::ctrl('k'), Key::ctrl('u'), Key::ctrl('y')]);
        assert_eq!(text.text(), "ü");
        assert!(!text.press(Key::of(Code::Enter)) && !text.press(Key::of(Code::Esc)) && !text.press(Key::ctrl('s')));
    }

    #[test]
    fn lines_break_and_join() {
        let mut text = EditedText::area("ab\r\ncd");
        press(&mut text, &[Key::of(Code::Home), Key::of(Code::Backspace), Key::of(Code::Enter), Key::of(Code::Up)]);
        assert_eq!((text.text().as_str(), text.cursor()), ("ab\ncd", (0, 0)));
        press(&mut text, &[Key::of(Code::End), Key::of(Code::Delete)]);
        assert_eq!(text.text(), "abcd");
    }

    #[test]
    fn what_is_pasted_holds_no_control_characters() {
        let mut line = EditedText::line("");
        line.insert("a\x1b[31m\r\nb\tc");
        assert_eq!(line.text(), "a[31m b c");
        let area = EditedText::area("a\x07\nb");
        assert_eq!(area.lines().collect::<Vec<_>>(), ["a", "b"]);
    }
}
