//! Mails of our own accord: kinds, the template language, variables, rendering.

mod builtin;
mod dates;
mod kind;
mod paragraphs;
mod recipients;
mod render;
mod saved;
mod source;
mod template;
mod ticket_values;
mod variables;
mod words;

pub use builtin::builtin;
pub use dates::{Reader, moment_words};
pub use kind::Kind;
pub use paragraphs::text_to_html;
pub use recipients::{Doer, recipients};
pub use render::{CheckedSource, CompiledTemplate, CompiledTemplates, Part, PartProblem, Rendered, check, render};
pub use saved::{SavedTemplate, TemplateDraft, builtin_mark};
pub use source::{DocumentError, DocumentLines, TemplateSource};
pub use template::{Escape, LONGEST_OUTPUT, RenderError, Template, TemplateProblem, Values, Variable, VariableKind};
pub use ticket_values::{About, ticket_values};
pub use variables::{macro_variables, variables};
pub use words::{status as status_words, target_words};
