//! upon's engines: one for HTML, one for text. Syntax, filters and the bound on output.

use super::{Escape, LONGEST_OUTPUT, RenderError};
use crate::notification::dates::FORMS;
use std::fmt::Write as _;
use std::io;
use std::sync::LazyLock;
use upon::{Engine, Syntax, Value, fmt};

/// Delimiters that nobody types, so that braces in CSS and text stay what they are.
pub(super) const OPEN: &str = "\u{1}";
pub(super) const CLOSE: &str = "\u{2}";
/// Begins values that are HTML already. Values from outside never hold control characters, so none can claim it.
pub(super) const SAFE_HTML: char = '\u{3}';
/// Begins a time, and parts the forms in which it can stand.
pub(super) const TIME: char = '\u{4}';
/// Characters that templates may not hold, since they mean something here.
pub(super) const RESERVED: [char; 4] = ['\u{1}', '\u{2}', SAFE_HTML, TIME];

/// Filters by name.
pub(super) const FILTERS: [&str; 5] = ["default", "upper", "lower", "eq", "date"];

static HTML: LazyLock<Engine<'static>> = LazyLock::new(|| {
    let mut engine = engine();
    engine.set_default_formatter(&escape_html);
    engine
});
static TEXT: LazyLock<Engine<'static>> = LazyLock::new(|| {
    let mut engine = engine();
    engine.set_default_formatter(&plain);
    engine
});

pub(super) fn of(escape: Escape) -> &'static Engine<'static> {
    match escape {
        Escape::Html => &HTML,
        Escape::Text | Escape::Subject => &TEXT,
    }
}

fn engine() -> Engine<'static> {
    let mut engine = Engine::new();
    engine.set_syntax(Syntax::builder().expr(OPEN, CLOSE).block("{%", "%}").build());
    engine.add_function("upper", str::to_uppercase);
    engine.add_function("lower", str::to_lowercase);
    engine.add_function("eq", |value: &Value, other: &Value| value == other);
    engine.add_function("default", |value: &Value, instead: String| -> Value {
        match value {
            Value::None => Value::String(instead),
            Value::String(text) if text.is_empty() => Value::String(instead),
            value => value.clone(),
        }
    });
    engine.add_function("date", date);
    engine.set_max_include_depth(1);
    engine
}

fn escape_html(f: &mut fmt::Formatter<'_>, value: &Value) -> fmt::Result {
    let Value::String(text) = value else { return plain(f, value) };
    let text = shown(text);
    if let Some(html) = text.strip_prefix(SAFE_HTML) {
        f.write_str(html)?;
        return Ok(());
    }
    for c in text.chars() {
        match c {
            '&' => f.write_str("&amp;")?,
            '<' => f.write_str("&lt;")?,
            '>' => f.write_str("&gt;")?,
            '"' => f.write_str("&quot;")?,
            '\'' => f.write_str("&#39;")?,
            c => f.write_char(c)?,
        }
    }
    Ok(())
}

fn plain(f: &mut fmt::Formatter<'_>, value: &Value) -> fmt::Result {
    match value {
        Value::List(_) | Value::Map(_) => Err(fmt::Error::from("a list cannot be printed whole; use {% for %}")),
        Value::String(text) => {
            f.write_str(shown(text))?;
            Ok(())
        }
        value => fmt::default(f, value),
    }
}

/// A time stands in its first form where no other was asked for.
fn shown(text: &str) -> &str {
    match text.strip_prefix(TIME) {
        Some(forms) => forms.split(TIME).next().unwrap_or_default(),
        None => text,
    }
}

/// `date: "FORM"`: the form of a time. Nothing stays nothing.
fn date(value: &Value, form: &str) -> Result<Value, String> {
    let Value::String(text) = value else { return Err("`date` is for times".to_owned()) };
    let Some(place) = FORMS.iter().position(|known| *known == form) else {
        return Err(format!("`date` knows the forms {}", FORMS.join(", ")));
    };
    match text.strip_prefix(TIME) {
        Some(forms) => Ok(Value::String(forms.split(TIME).nth(place).unwrap_or_default().to_owned())),
        None if text.is_empty() => Ok(value.clone()),
        None => Err("`date` is for times".to_owned()),
    }
}

/// Upon's words without its own position, which is wrong for text that is not ASCII.
pub(super) fn render_error(error: &upon::Error) -> RenderError {
    let message = error.to_string();
    if message.contains(TOO_LONG) { RenderError::TooLong(LONGEST_OUTPUT) } else { RenderError::Template(message) }
}

const TOO_LONG: &str = "io error";

/// Refuses output beyond a number of bytes.
pub(super) struct Bounded<'a> {
    out: &'a mut Vec<u8>,
    left: usize,
}

impl<'a> Bounded<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, most: usize) -> Self {
        Self { out, left: most }
    }
}

impl io::Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.left {
            return Err(io::Error::other("output over the limit"));
        }
        self.left -= bytes.len();
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
