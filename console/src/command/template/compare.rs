//! Two versions of a template, line by line.

use super::{Which, version};
use crate::command::Session;
use crate::failure::Failure;
use crate::output::{Page, Span, Style};
use clap::Args;
use maildesk_core::rpc::TemplateVersion;
use serde::Serialize;

#[derive(Debug, Args)]
pub struct Diff {
    #[command(flatten)]
    which: Which,
    /// current, builtin, draft, or the number of a saved version
    #[arg(long, value_name = "VERSION", default_value = "builtin", value_parser = version)]
    from: TemplateVersion,
    /// As --from
    #[arg(long, value_name = "VERSION", default_value = "current", value_parser = version)]
    to: TemplateVersion,
}

/// A line of both, of the first only, or of the second only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Line<'a> {
    Same(&'a str),
    Gone(&'a str),
    New(&'a str),
}

/// Lines of context around a change.
const CONTEXT: usize = 2;

pub(super) async fn diff(given: Diff, session: &mut Session<'_>) -> Result<(), Failure> {
    let Diff { which, from, to } = given;
    let client = session.client().await?;
    let old = client.template_source(which.kind, which.language, from).await?.to_document();
    let new = client.template_source(which.kind, which.language, to).await?.to_document();
    let lines = compare(&old, &new);
    if session.output.json() {
        return session.output.answer("maildesk.template.diff/1", &lines, None);
    }
    session.output.page(&page_of(&lines))
}

/// What is other in the new text, with the lines around it.
pub(crate) fn difference(old: &str, new: &str) -> Page {
    page_of(&compare(old, new))
}

fn page_of(lines: &[Line<'_>]) -> Page {
    let mut page = Page::default();
    if lines.iter().all(|line| matches!(line, Line::Same(_))) {
        page.line([Span::dim("no difference")]);
        return page;
    }
    let changed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| !matches!(line, Line::Same(_))).map(|(at, _)| at).collect();
    let mut skipped = false;
    for (at, line) in lines.iter().enumerate() {
        let near = changed.iter().any(|change| change.abs_diff(at) <= CONTEXT);
        let (sign, style, text) = match line {
            Line::Same(text) => (" ", Style::Dim, text),
            Line::Gone(text) => ("-", Style::Bad, text),
            Line::New(text) => ("+", Style::Good, text),
        };
        if near {
            page.line([Span::exact(style, &format!("{sign} {text}"))]);
        } else if !skipped {
            page.line([Span::dim("  ...")]);
        }
        skipped = !near;
    }
    page
}

/// The shortest list of changes, by the longest common subsequence. Templates have hundreds of lines, not more.
fn compare<'a>(old: &'a str, new: &'a str) -> Vec<Line<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().take(5_000).collect(), new.lines().take(5_000).collect());
    let width = new.len() + 1;
    let mut longest = vec![0u16; (old.len() + 1) * width];
    let at = |longest: &[u16], i: usize, j: usize| longest.get(i * width + j).copied().unwrap_or_default();
    for (i, line) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            let best = match line == other {
                true => at(&longest, i + 1, j + 1) + 1,
                false => at(&longest, i + 1, j).max(at(&longest, i, j + 1)),
            };
            if let Some(place) = longest.get_mut(i * width + j) {
                *place = best;
            }
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    loop {
        match (old.get(i), new.get(j)) {
            (Some(line), Some(other)) if line == other => {
                lines.push(Line::Same(line));
                (i, j) = (i + 1, j + 1);
            }
            (Some(line), other) if other.is_none() || at(&longest, i + 1, j) >= at(&longest, i, j + 1) => {
                lines.push(Line::Gone(line));
                i += 1;
            }
            (_, Some(other)) => {
                lines.push(Line::New(other));
                j += 1;
            }
            _ => return lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_gone_or_new() {
        use Line::{Gone, New, Same};
        assert_eq!(compare("a\nb\nc\n", "a\nx\nc\nd\n"), [Same("a"), Gone("b"), New("x"), Same("c"), New("d")]);
        assert_eq!(compare("", "a"), [New("a")]);
        assert_eq!(compare("a\nb", ""), [Gone("a"), Gone("b")]);
        assert_eq!(compare("a", "a"), [Same("a")]);
    }
}
