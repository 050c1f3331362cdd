//! The `$variable` language of notifications, on top of upon.
//!
//! `$ticket.number` stands for a value, `${ticket.number}` where letters follow, `${agent.name | default: "x"}` passes
//! it through a filter, `$$` is a dollar sign and `$5` stays as it is. `{% if %}` and `{% for %}` choose and repeat.
//! Times stand in the reader's zone and language; `${sla.due | date: "short"}` chooses a form.
//! A template is checked and compiled once; rendering fills it in microseconds.

mod context;
mod engine;
mod limits;
mod problem;
mod scan;
mod translate;
mod values;

pub use problem::TemplateProblem;
pub use values::{Values, Variable, VariableKind};

use translate::Translated;

/// Where a template's text goes, and so what a value may not contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Escape {
    /// Values are escaped for HTML text and quoted attributes.
    Html,
    /// Values stand as they are.
    Text,
    /// As text, on one line.
    Subject,
}

/// A checked and compiled template.
pub struct Template {
    escape: Escape,
    compiled: upon::Template<'static>,
    known: Vec<(&'static str, VariableKind)>,
    warnings: Vec<TemplateProblem>,
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Template").field("escape", &self.escape).finish_non_exhaustive()
    }
}

/// Why a checked template could not be filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    #[error("the text is longer than {0} bytes")]
    TooLong(usize),
    #[error("{0}")]
    Template(String),
}

/// The longest text that a template may make, in bytes.
pub const LONGEST_OUTPUT: usize = 4 << 20;

impl Template {
    /// Checks and compiles a template that may use the `known` variables.
    ///
    /// # Errors
    /// Every [`TemplateProblem`] found, in the order of the source.
    pub fn compile(escape: Escape, source: &str, known: &'static [Variable]) -> Result<Self, Vec<TemplateProblem>> {
        let mut spans = limits::check(source);
        if !spans.is_empty() {
            return Err(problem::located(source, spans));
        }
        let translated = translate::translate(source);
        spans.extend(limits::check_blocks(&translated));
        spans.extend(translated.problems.iter().cloned());
        spans.extend(problem::unknown_names(&translated, known));
        if escape == Escape::Html {
            spans.extend(context::check(source, &translated));
        }
        if !spans.is_empty() {
            return Err(problem::located(source, spans));
        }
        let Translated { out, .. } = &translated;
        let template = match engine::of(escape).compile(out.clone()) {
            Ok(compiled) => {
                let warnings = problem::located(source, problem::possibly_empty(&translated, known));
                Self { escape, compiled, known: known.iter().map(|v| (v.name, v.kind)).collect(), warnings }
            }
            Err(_) => return Err(problem::located(source, problem::syntax(source, &translated, escape))),
        };
        // What only shows with values (printing a list, a filter on the wrong kind) shows with the examples, and with
        // empty values where those are allowed.
        for values in [Values::examples(known), Values::emptiest(known)] {
            if let Err(e) = template.render(&values) {
                let whole = problem::Span { start: 0, end: 0, message: e.to_string() };
                return Err(problem::located(source, vec![whole]));
            }
        }
        Ok(template)
    }

    /// What may go wrong with some mails: variables that may be empty and have nothing in their place.
    pub fn warnings(&self) -> &[TemplateProblem] {
        &self.warnings
    }

    /// Fills in the values. Known variables without a value are empty.
    ///
    /// # Errors
    /// [`RenderError`] when the text gets too long or a value does not fit its use.
    pub fn render(&self, values: &Values) -> Result<String, RenderError> {
        let context = values.context(self.escape, &self.known);
        let mut out = Vec::with_capacity(self.compiled.source().len() + 512);
        let writer = engine::Bounded::new(&mut out, LONGEST_OUTPUT);
        if let Err(e) = self.compiled.render_from(engine::of(self.escape), &context).to_writer(writer) {
            return Err(engine::render_error(&e));
        }
        // upon writes nothing but text; anything else would be a fault of ours, and lossy reading hides no value.
        let text = String::from_utf8(out).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned());
        Ok(if self.escape == Escape::Subject { crate::text::clean_line(&text) } else { text })
    }
}

#[cfg(test)]
mod tests;
