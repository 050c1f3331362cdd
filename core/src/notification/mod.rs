//! Mails of our own accord: kinds, the template language, variables, rendering.

mod builtin;
mod kind;
mod paragraphs;
mod render;
mod template;
mod ticket_values;
mod variables;

pub use builtin::{TemplateSource, builtin};
pub use kind::Kind;
pub use paragraphs::text_to_html;
pub use render::{CompiledTemplate, CompiledTemplates, Part, PartProblem, Rendered, render};
pub use template::{Escape, LONGEST_OUTPUT, RenderError, Template, TemplateProblem, Values, Variable, VariableKind};
pub use ticket_values::ticket_values;
pub use variables::variables;
