//! Problems of templates with their place, and the nearest name that exists.

use super::engine::{self, FILTERS};
use super::translate::{Translated, Used};
use super::{Escape, Variable};
use serde::{Deserialize, Serialize};

/// A problem in a template, placed as an editor shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateProblem {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// In characters; 0 for the template as a whole.
    pub length: usize,
    pub message: String,
}

/// A problem by bytes of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) message: String,
}

/// At most this many problems are shown.
const SHOWN: usize = 50;

pub(super) fn located(source: &str, mut spans: Vec<Span>) -> Vec<TemplateProblem> {
    spans.sort_by_key(|span| span.start);
    spans.truncate(SHOWN);
    spans.into_iter().map(|span| locate(source, span)).collect()
}

fn locate(source: &str, span: Span) -> TemplateProblem {
    let start = source.floor_char_boundary(span.start);
    let end = source.ceil_char_boundary(span.end.max(start));
    let before = source.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    TemplateProblem {
        line: before.bytes().filter(|b| *b == b'\n').count() + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        length: source.get(start..end).unwrap_or_default().chars().count(),
        message: span.message,
    }
}

/// Variables and filters that do not exist.
pub(super) fn unknown_names(translated: &Translated, known: &[Variable]) -> Vec<Span> {
    let names: Vec<&str> = known.iter().map(|v| v.name).collect();
    let mut problems = Vec::new();
    for used in translated.used.iter().filter(|used| !names.contains(&used.name.as_str())) {
        let prefix = format!("{}.", used.name);
        let message = match names.iter().find(|name| name.starts_with(&prefix)) {
            Some(part) => format!("`${}` is not a value itself; it has parts such as `${part}`", used.name),
            None => format!("unknown variable `${}`{}", used.name, suggestion("$", &used.name, &names)),
        };
        problems.push(Span { start: used.start, end: used.end, message });
    }
    for used in translated.filters.iter().filter(|used| !FILTERS.contains(&used.name.as_str())) {
        let message = format!("unknown filter `{}`{}", used.name, suggestion("", &used.name, &FILTERS));
        problems.push(Span { start: used.start, end: used.end, message });
    }
    problems
}

/// Variables that may be empty and are printed as they are.
pub(super) fn possibly_empty(translated: &Translated, known: &[Variable]) -> Vec<Span> {
    let empty = |used: &&Used| used.bare && known.iter().any(|v| v.name == used.name && v.may_be_empty);
    let warn = |used: &Used| {
        let name = &used.name;
        let message = format!("`${name}` may be empty: ${{{name} | default: \"...\"}}, or {{% if {name} %}} around it");
        Span { start: used.start, end: used.end, message }
    };
    translated.used.iter().filter(empty).map(warn).collect()
}

fn suggestion(sign: &str, wrong: &str, names: &[&str]) -> String {
    let short: String = wrong.chars().take(80).collect();
    let nearest = names.iter().map(|name| (strsim::damerau_levenshtein(&short, name), name)).min();
    match nearest.filter(|(distance, name)| *distance <= 1 + name.len() / 4) {
        Some((_, name)) => format!(", did you mean `{sign}{name}`?"),
        None => String::new(),
    }
}

/// What upon's compiler says about a template that it refuses.
///
/// Upon's columns are wrong for text that is not ASCII, so it compiles a shadow in which each character has one byte.
pub(super) fn syntax(source: &str, translated: &Translated, escape: Escape) -> Vec<Span> {
    let flat = |c: char| match c {
        '\t' | '\r' => ' ',
        c if c.is_ascii() => c,
        _ => 'x',
    };
    let shadow: String = translated.out.chars().map(flat).collect();
    let whole = |message: String| vec![Span { start: 0, end: 0, message }];
    let Err(error) = engine::of(escape).compile(shadow.clone()) else {
        return whole("the template cannot be read".to_owned());
    };
    let message = error.to_string().replace(engine::OPEN, "${").replace(engine::CLOSE, "}");
    let Some((line, column, width)) = position(&format!("{error:#}")) else { return whole(message) };
    let line_start: usize = shadow.split('\n').take(line.saturating_sub(1)).map(|l| l.len() + 1).sum();
    let character = line_start + column.saturating_sub(1);
    let place = |character: usize| {
        let out = translated.out.char_indices().nth(character).map_or(translated.out.len(), |(at, _)| at);
        translated.source_of(out, source)
    };
    let start = place(character);
    vec![Span { start, end: place(character + width).clamp(start, source.len()), message }]
}

/// Line, column and width in upon's long form of an error.
fn position(pretty: &str) -> Option<(usize, usize, usize)> {
    let place = pretty.lines().find_map(|line| line.trim().strip_prefix("--> "))?;
    let mut parts = place.rsplit(':');
    let column = parts.next()?.trim().parse().ok()?;
    let line = parts.next()?.trim().parse().ok()?;
    let marks = pretty.lines().filter_map(|line| line.split_once("| ")).map(|(_, text)| text);
    let width = marks.filter(|text| text.trim_start().starts_with('^')).map(|t| t.matches('^').count()).next();
    Some((line, column, width.unwrap_or(1)))
}
