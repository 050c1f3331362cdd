//! Everything that reaches a terminal goes through here: cleaned text, colours, tables, times, JSON.

pub mod page;
pub mod progress;
pub mod size;
pub mod table;
pub mod time;
pub mod wrap;

pub use maildesk_core::text::counted;
pub use page::{Page, Span, Style};
pub use table::{Column, Table};

use crate::args::{Colour, Global};
use crate::clock::Clock;
use crate::failure::Failure;
use serde::Serialize;
use std::io::{self, IsTerminal, Write};

/// Where answers go, and how they look there.
pub struct Output {
    to: Box<dyn Write>,
    json: bool,
    colour: bool,
    /// Columns of the terminal; absent where output is no terminal, and nothing is cut or wrapped then.
    width: Option<usize>,
    clock: Clock,
}

impl Output {
    /// Standard output of this process.
    pub fn of_process(global: &Global, clock: Clock) -> Self {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        let wanted = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let colour = match global.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && !wanted("NO_COLOR") && !dumb,
        };
        let width = terminal.then(|| rustix::termios::tcgetwinsize(&stdout).map_or(80, |size| size.ws_col));
        let width = width.map(|columns| if columns == 0 { 80 } else { usize::from(columns) });
        let to = Box::new(io::BufWriter::new(stdout));
        Self { to, json: global.json, colour, width, clock }
    }

    pub fn json(&self) -> bool {
        self.json
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn is_terminal(&self) -> bool {
        self.width.is_some()
    }

    /// Columns to wrap long texts at, where they are wrapped.
    pub fn reading_width(&self) -> Option<usize> {
        self.width.map(|columns| columns.min(100))
    }

    /// Writes a page for people.
    pub fn page(&mut self, page: &Page) -> Result<(), Failure> {
        self.to.write_all(page.to_text(self.colour).as_bytes()).map_err(Failure::Output)
    }

    /// Writes a table for people, or the sentence that says why it is empty.
    pub fn table(&mut self, table: &Table, empty: &str) -> Result<(), Failure> {
        let mut page = Page::default();
        self.add_table(&mut page, table, empty);
        self.page(&page)
    }

    /// Puts a table on a page, fit to the terminal.
    pub fn add_table(&self, page: &mut Page, table: &Table, empty: &str) {
        if table.is_empty() { page.line([Span::dim(empty)]) } else { table.add_to(page, self.width) }
    }

    /// Writes the one answer of a command for scripts. `next` is the cursor behind the last row.
    pub fn answer<T: Serialize>(&mut self, schema: &'static str, data: &T, next: Option<u64>) -> Result<(), Failure> {
        self.answer_with(schema, data, next, &[])
    }

    /// As [`Self::answer`], with sentences about what a script's owner should know.
    pub fn answer_with<T: Serialize>(
        &mut self,
        schema: &'static str,
        data: &T,
        next: Option<u64>,
        warnings: &[String],
    ) -> Result<(), Failure> {
        self.json_line(&crate::json::Envelope { schema, data, warnings, next })
    }

    /// Writes one JSON document on one line, at once: streams are read line by line.
    pub fn json_line<T: Serialize>(&mut self, document: &T) -> Result<(), Failure> {
        self.to.write_all(crate::json::to_line(document).as_bytes()).map_err(Failure::Output)?;
        self.flush().map_err(Failure::Output)
    }

    /// Writes bytes of a mail: exactly as they are to a file or pipe, cleaned to a terminal.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = if self.is_terminal() {
            self.to.write_all(maildesk_core::text::clean_block(&String::from_utf8_lossy(bytes)).as_bytes())
        } else {
            self.to.write_all(bytes)
        };
        written.map_err(Failure::Output)
    }

    /// Writes text of our own, such as a settings document, as it is.
    pub fn own_text(&mut self, text: &str) -> Result<(), Failure> {
        self.to.write_all(text.as_bytes()).map_err(Failure::Output)
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A sentence beside the answer: to standard error, and only where a person sees it.
pub fn notice(text: &str) {
    if io::stderr().is_terminal() {
        drop(writeln!(io::stderr(), "{}", maildesk_core::text::clean_line(text)));
    }
}
