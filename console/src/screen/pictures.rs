//! What is drawn, as text files beside the screens: `screen/<name>/pictures/<state>.txt`.
//!
//! `MAILDESK_BLESS=1` writes them anew; read the difference before you commit it. Each line of the screen is followed,
//! where something stands out, by a line of marks below it: b bold, d dim, r reversed, g green, R red, y yellow.
//! Of a terminal without colours only the marks that differ are written, with their rows: the text is the same, which
//! is checked. Of one without Unicode only the text is: the marks are the same.

use crate::app::desk::Desk;
use crate::app::key::Key;
use crate::app::message::{Effect, Msg};
use crate::app::place::Place;
use crate::app::request::{Answer, Request};
use crate::app::{Model, update};
use crate::clock::Clock;
use crate::screen::draw;
use crate::theme::Look;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maildesk_core::ids::EventSeq;
use maildesk_core::rpc::{Access, Welcome};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use std::path::Path;

pub(crate) const UNICODE: Look = Look { colours: true, unicode: true };
const MONO: Look = Look { colours: false, unicode: true };
const ASCII: Look = Look { colours: true, unicode: false };

/// The moment of every picture.
pub(crate) fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// So many minutes before it.
pub(crate) fn ago(minutes: i64) -> Timestamp {
    noon() - jiff::SignedDuration::from_mins(minutes)
}

/// A console that is connected and may write.
pub(crate) fn connected() -> Model {
    let clock = Clock { now: noon(), zone: TimeZone::UTC };
    let mut model = Model::new(clock, "mx1".into(), (80, 24));
    let welcome = Welcome {
        daemon_version: "0.1.0".into(),
        user: "ana".into(),
        access: Access::Write,
        write_group: "maildesk-admin".into(),
    };
    update(&mut model, Msg::Linked(Box::new(welcome), EventSeq(0)));
    model
}

/// Presses keys one after the other; what the last one wants of the world comes back.
pub(crate) fn press(model: &mut Model, keys: &[Key]) -> Vec<Effect> {
    keys.iter().map(|key| update(model, Msg::Key(*key))).last().unwrap_or_default()
}

/// Types a text.
pub(crate) fn enter(model: &mut Model, text: &str) {
    text.chars().for_each(|c| drop(update(model, Msg::Key(Key::char(c)))));
}

/// Gives the daemon's answer to a request.
pub(crate) fn answer(model: &mut Model, from: Place, request: Request, answer: Answer) -> Vec<Effect> {
    update(model, Msg::Answered { from, request, result: Box::new(Ok(answer)) })
}

/// The requests among what is wanted.
pub(crate) fn asked(effects: Vec<Effect>) -> Vec<Request> {
    let request = |effect| match effect {
        Effect::Ask { request, .. } => Some(request),
        _ => None,
    };
    effects.into_iter().filter_map(request).collect()
}

/// What stands in the message row.
pub(crate) fn said(desk: &Desk) -> &str {
    desk.toast.as_ref().map_or("", |toast| toast.text.as_str())
}

/// One line of the screen: what stands in it, and what stands out.
struct Line {
    text: String,
    marks: String,
}

fn lines(model: &Model, look: Look, (columns, rows): (u16, u16)) -> (Vec<Line>, String) {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| draw(model, look, frame)).unwrap();
    let cursor = terminal.get_cursor_position().unwrap();
    (of_buffer(terminal.backend().buffer()), format!("cursor {},{}\n", cursor.x, cursor.y))
}

/// The screen as text, at a size.
pub(crate) fn picture(model: &Model, look: Look, size: (u16, u16)) -> String {
    let (lines, cursor) = lines(model, look, size);
    let line = |Line { text, marks }: &Line| match marks.is_empty() {
        true => format!("{text}\n"),
        false => format!("{text}\n~{marks}\n"),
    };
    lines.iter().map(line).collect::<String>() + &cursor
}

/// What stands out otherwise without colours.
fn mono(model: &Model, size: (u16, u16)) -> String {
    let (coloured, mono) = (lines(model, UNICODE, size), lines(model, MONO, size));
    let mut text = String::new();
    for (row, (coloured, mono)) in coloured.0.iter().zip(&mono.0).enumerate() {
        assert_eq!(coloured.text, mono.text, "colours change what is written");
        assert!(!mono.marks.contains(['g', 'R', 'y']), "a colour in row {row}: {}", mono.marks);
        if coloured.marks != mono.marks {
            text.push_str(&format!("{row:>2} {}\n", mono.text));
            text.push_str(&format!("  ~{}\n", mono.marks));
        }
    }
    text
}

fn ascii(model: &Model, size: (u16, u16)) -> String {
    let (unicode, ascii) = (lines(model, UNICODE, size), lines(model, ASCII, size));
    assert_eq!(unicode.1, ascii.1, "the cursor stands elsewhere");
    let mut text = String::new();
    for (unicode, ascii) in unicode.0.iter().zip(&ascii.0) {
        // Whether a line is of a box, which is not marked as dim, cannot be told by its ASCII sign.
        let without_dim = |line: &Line| line.marks.replace('d', " ").trim_end().to_owned();
        assert!(ascii.text.is_ascii() && without_dim(unicode) == without_dim(ascii), "{}", ascii.text);
        text.push_str(&format!("{}\n", ascii.text));
    }
    text
}

/// Compares all usual pictures of a state with their file.
pub(crate) fn check(model: &Model, folder: &str, state: &str) {
    let mut text = String::new();
    for (title, size) in [("80x24", (80, 24)), ("120x40", (120, 40))] {
        text.push_str(&format!("== {title}\n{}\n", picture(model, UNICODE, size)));
        text.push_str(&format!("== {title}, without colours\n{}\n", mono(model, size)));
        text.push_str(&format!("== {title}, ASCII\n{}\n", ascii(model, size)));
    }
    compare(folder, state, &text);
}

fn compare(folder: &str, state: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/screen").join(folder).join("pictures");
    let file = file.join(format!("{state}.txt"));
    if std::env::var_os("MAILDESK_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        return;
    }
    let want = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    assert!(want == text, "{} differs (MAILDESK_BLESS=1 writes it anew):\n{text}", file.display());
}

fn of_buffer(buffer: &Buffer) -> Vec<Line> {
    let row = |y| {
        let (mut text, mut marks, mut covered) = (String::new(), String::new(), 0);
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            assert!(!cell.symbol().chars().any(char::is_control), "a control character at {x},{y}");
            marks.push(mark(cell));
            if covered > 0 {
                covered -= 1;
                continue;
            }
            text.push_str(cell.symbol());
            covered = crate::widget::fit::width(cell.symbol()).saturating_sub(1);
        }
        Line { text: text.trim_end().to_owned(), marks: marks.trim_end().to_owned() }
    };
    (0..buffer.area.height).map(row).collect()
}

fn mark(cell: &Cell) -> char {
    let has = |modifier| cell.modifier.contains(modifier);
    if has(Modifier::REVERSED) {
        return 'r';
    }
    match cell.fg {
        Color::Green => return 'g',
        Color::Red => return 'R',
        Color::Yellow => return 'y',
        _ => {}
    }
    if has(Modifier::BOLD) {
        'b'
    } else if has(Modifier::DIM) && !matches!(cell.symbol(), "─" | "│" | "┌" | "┐" | "└" | "┘") {
        'd'
    } else {
        ' '
    }
}

#[test]
fn a_small_terminal_is_told_so() {
    let model = connected();
    let mut text = String::new();
    for size in [(59, 20), (20, 5), (10, 2), (1, 1)] {
        text.push_str(&format!("== {size:?}\n{}\n", picture(&model, UNICODE, size)));
    }
    compare(".", "too-small", &text);
}
