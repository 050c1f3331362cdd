//! How far long work has come, on standard error, for people only.

use std::io::{self, IsTerminal, Write};

/// One line that is rewritten in place and wiped when the work ends.
pub struct Progress {
    shown: bool,
    visible: bool,
}

impl Progress {
    /// Stays silent where standard error is no terminal.
    pub fn start() -> Self {
        Self { shown: false, visible: io::stderr().is_terminal() }
    }

    /// Says nothing: somebody else has the terminal.
    pub fn silent() -> Self {
        Self { shown: false, visible: false }
    }

    pub fn say(&mut self, text: &str) {
        if self.visible {
            self.shown = true;
            // A progress line that cannot be written is no loss.
            drop(write!(io::stderr(), "\r\x1b[K{}", maildesk_core::text::clean_line(text)));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            drop(write!(io::stderr(), "\r\x1b[K"));
        }
    }
}
