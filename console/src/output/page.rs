//! Lines of styled text. Text is cleaned when it becomes a span, so no page can hold an escape sequence.

use maildesk_core::text::clean_line;

/// How a piece of text stands out. Words carry the meaning; colour only repeats it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    Strong,
    Dim,
    Good,
    Bad,
    Attention,
}

impl Style {
    /// Select Graphic Rendition (ECMA-48 §8.3.117): bold, faint, and three of the sixteen named colours.
    fn begin(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "\x1b[1m",
            Self::Dim => "\x1b[2m",
            Self::Good => "\x1b[32m",
            Self::Bad => "\x1b[31m",
            Self::Attention => "\x1b[33m",
        }
    }
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    style: Style,
    text: String,
}

impl Span {
    /// A word or sentence from anywhere: one clean line.
    pub fn new(style: Style, text: impl AsRef<str>) -> Self {
        Self { style, text: clean_line(text.as_ref()) }
    }

    pub fn plain(text: impl AsRef<str>) -> Self {
        Self::new(Style::Plain, text)
    }

    pub fn strong(text: impl AsRef<str>) -> Self {
        Self::new(Style::Strong, text)
    }

    pub fn dim(text: impl AsRef<str>) -> Self {
        Self::new(Style::Dim, text)
    }

    /// A line whose white space counts: control characters go, spaces and tabs stay.
    pub fn exact(style: Style, text: &str) -> Self {
        let text = maildesk_core::text::clean_block(text).replace('\n', " ");
        Self { style, text }
    }
}

impl Span {
    pub fn style(&self) -> Style {
        self.style
    }

    /// Cleaned text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Lines for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    lines: Vec<Vec<Span>>,
}

impl Page {
    /// Adds a line; its pieces stand one space apart.
    pub fn line(&mut self, spans: impl IntoIterator<Item = Span>) {
        let mut line = Vec::new();
        for span in spans.into_iter().filter(|span| !span.text.is_empty()) {
            if !line.is_empty() {
                line.push(Span { style: Style::Plain, text: " ".into() });
            }
            line.push(span);
        }
        self.lines.push(line);
    }

    /// Adds a line with `indent` spaces before it.
    pub fn indented(&mut self, indent: usize, spans: impl IntoIterator<Item = Span>) {
        self.line(spans);
        if let Some(line) = self.lines.last_mut().filter(|line| !line.is_empty()) {
            line.insert(0, Span { style: Style::Plain, text: " ".repeat(indent) });
        }
    }

    /// Its lines, for a screen.
    pub fn lines(&self) -> &[Vec<Span>] {
        &self.lines
    }

    /// Puts another page below this one.
    pub fn append(&mut self, other: Self) {
        self.lines.extend(other.lines);
    }

    /// Without empty lines at its beginning.
    #[must_use]
    pub fn from_first_words(mut self) -> Self {
        let blank = self.lines.iter().take_while(|line| line.is_empty()).count();
        self.lines.drain(..blank);
        self
    }

    pub fn empty_line(&mut self) {
        self.lines.push(Vec::new());
    }

    /// `name  value`, names padded to one column; absent values leave no line.
    pub fn fields<'a>(&mut self, fields: impl IntoIterator<Item = (&'a str, Option<String>)>) {
        let given: Vec<_> = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let width = given.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in given {
            self.line([Span::exact(Style::Dim, &format!("{name:width$} ")), Span::plain(value)]);
        }
    }

    /// The text, with colours or without; ends with a line feed unless empty.
    pub fn to_text(&self, colour: bool) -> String {
        let mut text = String::new();
        for line in &self.lines {
            for span in line {
                let styled = colour && span.style != Style::Plain;
                if styled {
                    text.push_str(span.style.begin());
                }
                text.push_str(&span.text);
                if styled {
                    text.push_str("\x1b[0m");
                }
            }
            text.truncate(text.trim_end_matches(' ').len());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_escape_sequence_survives() {
        let mut page = Page::default();
        page.line([Span::plain("a\x1b[31mb\u{9b}2Jc"), Span::exact(Style::Plain, "  \x1b]0;x\x07\nz\u{202e}")]);
        assert_eq!(page.to_text(true), "a [31mb 2Jc    ]0;x  z\n");
    }

    #[test]
    fn colours_are_left_out_where_not_wanted() {
        let mut page = Page::default();
        page.line([Span::new(Style::Bad, "failed"), Span::plain(""), Span::plain("now")]);
        assert_eq!(page.to_text(false), "failed now\n");
        assert_eq!(page.to_text(true), "\x1b[31mfailed\x1b[0m now\n");
    }

    #[test]
    fn fields_stand_in_columns() {
        let mut page = Page::default();
        page.fields([("to", Some("ann".into())), ("none", None), ("subject", Some("hi".into()))]);
        assert_eq!(page.to_text(false), "to       ann\nsubject  hi\n");
    }
}
