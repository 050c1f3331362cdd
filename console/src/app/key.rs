//! A key as the console knows it, whatever library read it from the terminal.

use std::fmt;

/// A key press. Shift is part of the character; there is no Alt: it cannot be told from Esc on slow lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    pub code: Code,
    pub ctrl: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    Char(char),
    F(u8),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}

impl Key {
    /// A key without Ctrl.
    pub const fn of(code: Code) -> Self {
        Self { code, ctrl: false }
    }

    /// A character key.
    pub const fn char(character: char) -> Self {
        Self::of(Code::Char(character))
    }

    /// Ctrl and a letter, in lower case.
    pub const fn ctrl(letter: char) -> Self {
        Self { code: Code::Char(letter), ctrl: true }
    }

    /// A function key.
    pub const fn f(number: u8) -> Self {
        Self::of(Code::F(number))
    }

    /// The character that this key types into a text.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(character) if !self.ctrl => Some(character),
            _ => None,
        }
    }
}

/// As hints write it: `r`, `^S`, `F2`, `Enter`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("^")?;
        }
        match self.code {
            Code::Char(' ') => f.write_str("Space"),
            Code::Char(letter) if self.ctrl => write!(f, "{}", letter.to_ascii_uppercase()),
            Code::Char(character) => write!(f, "{character}"),
            Code::F(number) => write!(f, "F{number}"),
            Code::BackTab => f.write_str("S-Tab"),
            Code::PageUp => f.write_str("PgUp"),
            Code::PageDown => f.write_str("PgDn"),
            Code::Backspace => f.write_str("Bksp"),
            Code::Delete => f.write_str("Del"),
            other => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_as_hints_write_them() {
        let keys = [Key::char('r'), Key::ctrl('s'), Key::f(2), Key::of(Code::Enter), Key::char(' ')];
        assert_eq!(keys.map(|key| key.to_string()), ["r", "^S", "F2", "Enter", "Space"]);
        assert_eq!([Key::char('R').typed(), Key::ctrl('r').typed()], [Some('R'), None]);
    }
}
