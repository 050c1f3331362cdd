//! The text of a template with its lines numbered, and below each line what was found in it.

use super::opened::Shown;
use crate::command::template::position;
use crate::output::{Page, Span, Style};
use maildesk_core::notification::PartProblem;

/// Columns of sign and number before a line.
const BEFORE: usize = 6;
/// Marks stand no further right than this.
const FURTHEST: usize = 50;

/// A finding and what it does.
struct Finding<'a> {
    style: Style,
    sign: &'static str,
    place: Option<(usize, usize)>,
    found: &'a PartProblem,
}

fn all(shown: &Shown) -> Vec<Finding<'_>> {
    let place = |found: &PartProblem| position(found, shown.lines);
    let problem = |found| Finding { style: Style::Bad, sign: "✖", place: place(found), found };
    let warning = |found| Finding { style: Style::Attention, sign: "!", place: place(found), found };
    shown.checked.problems.iter().map(problem).chain(shown.checked.warnings.iter().map(warning)).collect()
}

/// Errors and warnings in words.
pub(super) fn counted(shown: &Shown) -> String {
    let count = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        several => Some(format!("{several} {word}s")),
    };
    let checked = &shown.checked;
    let parts = [count(checked.problems.len(), "error"), count(checked.warnings.len(), "warning")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "no findings".into() } else { parts.join(", ") }
}

/// The first error with its place, in one line.
pub(super) fn first_error(shown: &Shown) -> Option<String> {
    let found = shown.checked.problems.first()?;
    let place = position(found, shown.lines).map(|(line, column)| format!("line {line}, column {column}: "));
    Some(format!("{}{}", place.unwrap_or_default(), found.problem.message))
}

/// Every finding with its place.
pub(super) fn findings(page: &mut Page, shown: &Shown) {
    for finding in all(shown) {
        let place = match finding.place {
            Some((line, column)) => format!("line {line}, column {column}:"),
            None => format!("{}:", finding.found.part.name()),
        };
        page.line([
            Span::new(finding.style, finding.sign),
            Span::dim(place),
            Span::plain(&finding.found.problem.message),
        ]);
    }
}

/// The whole text.
pub(super) fn page(shown: &Shown) -> Page {
    let mut page = Page::default();
    let all = all(shown);
    for finding in all.iter().filter(|finding| finding.place.is_none()) {
        page.line([Span::new(finding.style, format!("{} {}", finding.sign, finding.found))]);
    }
    for (number, line) in (1..).zip(shown.document.lines()) {
        let here = || all.iter().filter(move |finding| finding.place.is_some_and(|(line, _)| line == number));
        let (style, sign) = here().map(|finding| (finding.style, finding.sign)).next().unwrap_or((Style::Plain, " "));
        page.line([Span::exact(style, &format!("{sign}{number:>4} {line}"))]);
        for finding in here() {
            let column = finding.place.map_or(1, |(_, column)| column).min(FURTHEST);
            let mark = format!("{}^ {}", " ".repeat(BEFORE + column - 1), finding.found.problem.message);
            page.line([Span::exact(finding.style, &mark)]);
        }
    }
    page
}
