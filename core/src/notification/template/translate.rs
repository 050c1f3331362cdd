//! From `$variable` to upon's syntax, remembering what came from where.

use super::engine::{CLOSE, OPEN, RESERVED};
use super::problem::Span;
use super::scan::{closing_brace, expression, in_scope, is_filled, path_length};

/// A name as it stands in the source, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Used {
    pub(super) name: String,
    pub(super) start: usize,
    pub(super) end: usize,
    /// It is printed as it is: no `default`, and no `{% if %}` around it asks whether there is something.
    pub(super) bare: bool,
}

/// What holds within a block.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// Names that the block makes.
    pub(super) names: Vec<String>,
    /// Variables that are not empty here.
    pub(super) filled: Vec<String>,
}

/// A `{% %}` block by what it does to nesting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    If,
    For,
    With,
    Else,
    End,
}

/// The translated template and what was found on the way.
#[derive(Debug, Default)]
pub(super) struct Translated {
    pub(super) out: String,
    /// Position in `out` and in the source, ascending.
    map: Vec<(usize, usize)>,
    pub(super) used: Vec<Used>,
    pub(super) filters: Vec<Used>,
    pub(super) expressions: Vec<(usize, usize)>,
    pub(super) blocks: Vec<(Block, usize, usize)>,
    /// Spans of the source that print a value.
    pub(super) printed: Vec<(usize, usize)>,
    pub(super) problems: Vec<Span>,
}

impl Translated {
    fn emit(&mut self, at: usize, text: &str) {
        self.map.push((self.out.len(), at));
        self.out.push_str(text);
    }

    fn problem(&mut self, start: usize, end: usize, message: &str) {
        self.problems.push(Span { start, end, message: message.to_owned() });
    }

    /// The place in the source that a place in `out` came from.
    pub(super) fn source_of(&self, out: usize, source: &str) -> usize {
        let at = self.map.partition_point(|(o, _)| *o <= out).saturating_sub(1);
        let (o, s) = self.map.get(at).copied().unwrap_or((0, 0));
        source.floor_char_boundary(s + out.saturating_sub(o))
    }
}

pub(super) fn translate(source: &str) -> Translated {
    let mut t = Translated::default();
    let mut scopes: Vec<Scope> = Vec::new();
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        at += if let Some(tail) = rest.strip_prefix('$') {
            dollar(&mut t, at, tail, &scopes)
        } else if rest.starts_with("{%") {
            block(&mut t, at, rest, &mut scopes)
        } else {
            literal(&mut t, at, rest)
        };
    }
    t
}

fn literal(t: &mut Translated, at: usize, rest: &str) -> usize {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    if rest.starts_with(RESERVED) {
        t.problem(at, at + 1, "a control character");
        return first;
    }
    let tail = rest.get(first..).unwrap_or_default();
    let length = tail.find(|c| matches!(c, '$' | '{') || RESERVED.contains(&c)).map_or(rest.len(), |next| next + first);
    t.emit(at, rest.get(..length).unwrap_or_default());
    length
}

/// What follows a dollar sign; returns how much of the source it took, the sign included.
fn dollar(t: &mut Translated, at: usize, tail: &str, scopes: &[Scope]) -> usize {
    if tail.starts_with('$') {
        t.emit(at, "$");
        return 2;
    }
    if let Some(inner) = tail.strip_prefix('{') {
        let Some(end) = closing_brace(inner) else {
            t.problem(at, at + 2, "`${` without `}` on the same line");
            return 2;
        };
        let inner = inner.get(..end).unwrap_or_default();
        if inner.trim().is_empty() {
            t.problem(at, at + 3 + end, "`${}` names no variable");
        }
        if inner.contains(RESERVED) {
            t.problem(at, at + 3 + end, "a control character");
            return end + 3;
        }
        expression(inner, at + 2, t, scopes, false);
        t.printed.push((at, at + 3 + end));
        t.emit(at, OPEN);
        t.emit(at + 2, inner);
        t.emit(at + 2 + end, CLOSE);
        return end + 3;
    }
    let length = path_length(tail);
    if length == 0 {
        t.emit(at, "$");
        return 1;
    }
    let path = tail.get(..length).unwrap_or_default();
    if !in_scope(scopes, path) {
        let bare = !is_filled(scopes, path);
        t.used.push(Used { name: path.to_owned(), start: at, end: at + 1 + length, bare });
    }
    t.printed.push((at, at + 1 + length));
    t.emit(at, OPEN);
    t.emit(at + 1, path);
    t.emit(at + length, CLOSE);
    length + 1
}

fn block(t: &mut Translated, at: usize, rest: &str, scopes: &mut Vec<Scope>) -> usize {
    let Some(end) = rest.find("%}") else {
        t.problem(at, at + 2, "`{%` without `%}`");
        return 2;
    };
    let (whole, body) = (rest.get(..end + 2).unwrap_or_default(), rest.get(2..end).unwrap_or_default());
    if body.contains(RESERVED) {
        t.problem(at, at + end + 2, "a control character");
        return end + 2;
    }
    let words: Vec<&str> = body.trim_matches(['-', ' ', '\t', '\n', '\r']).split_whitespace().collect();
    let keyword = words.first().copied().unwrap_or_default();
    let (kind, expression_at) = match keyword {
        "if" => (Block::If, 0),
        "else" => (Block::Else, 0),
        "for" => (Block::For, body.find(" in ").map_or(body.len(), |found| found + 4)),
        "with" => (Block::With, 0),
        "endif" | "endfor" | "endwith" => (Block::End, body.len()),
        _ => {
            t.problem(at, at + end + 2, "unknown block: there are `if`, `else`, `for` and `with`, each with its `end`");
            return end + 2;
        }
    };
    t.blocks.push((kind, at, at + end + 2));
    let seen = t.used.len();
    if let Some(text) = body.get(expression_at..).filter(|text| !text.is_empty()) {
        expression(text, at + 2 + expression_at, t, scopes, true);
    }
    // What `if` asks for is there within it. What `not` or a function makes of it is not looked into.
    let asked = t.used.get(seen..).unwrap_or_default().iter().map(|used| used.name.clone()).collect();
    let filled: Vec<String> = if words.contains(&"not") || body.contains('(') { Vec::new() } else { asked };
    match kind {
        Block::For => scopes.push(Scope { names: loop_names(&words), filled }),
        Block::With => {
            let names = words.iter().skip_while(|w| **w != "as").skip(1).map(|w| (*w).to_owned()).collect();
            scopes.push(Scope { names, filled: Vec::new() });
        }
        Block::If => scopes.push(Scope { names: Vec::new(), filled }),
        Block::End => {
            scopes.pop();
        }
        Block::Else => {
            if let Some(scope) = scopes.last_mut() {
                scope.filled = filled;
            }
        }
    }
    t.emit(at, whole);
    end + 2
}

fn loop_names(words: &[&str]) -> Vec<String> {
    let names = words.iter().skip(1).take_while(|w| **w != "in").map(|w| w.trim_matches(',').to_owned());
    names.chain(["loop".to_owned()]).collect()
}
