//! The layout of what a person reads: one gutter for times, bold for headings, colours only where they are wanted.

use std::io::IsTerminal;
use std::time::Duration;

/// Standard output, with or without colours.
pub struct Paper {
    colour: bool,
}

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const CYAN: &str = "36";

impl Paper {
    pub fn of_process() -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self { colour: std::io::stdout().is_terminal() && !set("NO_COLOR") && !dumb }
    }

    pub fn title(&self, name: &str, what: &str) {
        println!("\n{}: {what}", self.paint(BOLD, name));
    }

    pub fn heading(&self, text: &str) {
        println!("\n{}", self.paint(BOLD, text));
    }

    /// One thing that happened, and how long it took.
    pub fn step(&self, took: Duration, text: &str) {
        let took = format!("{:>6} ms", took.as_millis());
        println!("{}  {text}", self.paint(DIM, &took));
    }

    /// A command as it is typed; its output follows.
    pub fn command(&self, command: &str) {
        println!("\n{} {}", self.paint(DIM, "$"), self.paint(CYAN, command));
    }

    /// A command to type, and what it does.
    pub fn advice(&self, command: &str, what: &str) {
        // Padded before it is painted: colours have no width.
        println!("  {}  {what}", self.paint(CYAN, &format!("{command:<48}")));
    }

    /// A command to type that is as long as it is.
    pub fn long_advice(&self, command: &str) {
        println!("  {}", self.paint(CYAN, command));
    }

    /// A header field of a mail.
    pub fn field(&self, name: &str, value: &str) {
        println!("  {}  {value}", self.paint(DIM, &format!("{name:<26}")));
    }

    /// A text of somebody, line by line.
    pub fn text(&self, text: &str) {
        for line in text.trim_end().lines() {
            println!("{}", format!("  {line}").trim_end());
        }
    }

    pub fn remark(&self, text: &str) {
        println!("  {}", self.paint(DIM, text));
    }

    pub fn empty_line(&self) {
        println!();
    }

    pub fn closing(&self, text: &str) {
        println!("\n{}", self.paint(GREEN, text));
    }

    pub fn failure(&self, error: &anyhow::Error) {
        eprintln!("\n{} {error:#}", self.paint(RED, "tests/try failed:"));
    }

    pub fn log(&self, lines: &str) {
        eprintln!("\nThe last words of maildeskd:\n{}", lines.trim_end());
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
