//! Compiled templates and what they make.

use super::template::{Escape, RenderError, Template, TemplateProblem, Values};
use super::{Kind, TemplateSource, builtin, variables};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rendered notification, without headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One clean line.
    pub subject: String,
    pub html: String,
    pub text: String,
    /// Why the built-in template stands in for the one of the settings.
    pub fell_back: Option<String>,
}

/// The three templates of a kind, compiled.
#[derive(Debug)]
pub struct CompiledTemplate {
    subject: Template,
    html: Template,
    text: Template,
}

/// A part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Subject,
    Html,
    Text,
}

/// A problem and the part it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartProblem {
    pub part: Part,
    pub problem: TemplateProblem,
}

impl CompiledTemplate {
    /// Checks and compiles all three parts.
    ///
    /// # Errors
    /// The problems of all parts.
    pub fn compile(kind: Kind, source: &TemplateSource) -> Result<Self, Vec<PartProblem>> {
        let known = variables(kind);
        let mut problems = Vec::new();
        let mut part = |part: Part, escape: Escape, text: &str| {
            let found = Template::compile(escape, text, known);
            found.map_err(|found| problems.extend(found.into_iter().map(|problem| PartProblem { part, problem }))).ok()
        };
        let subject = part(Part::Subject, Escape::Subject, &source.subject);
        let html = part(Part::Html, Escape::Html, &source.html);
        let text = part(Part::Text, Escape::Text, &source.text);
        match (subject, html, text) {
            (Some(subject), Some(html), Some(text)) => Ok(Self { subject, html, text }),
            _ => Err(problems),
        }
    }

    /// Fills in the values.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render(&self, values: &Values) -> Result<Rendered, RenderError> {
        Ok(Rendered {
            subject: self.subject.render(values)?,
            html: self.html.render(values)?,
            text: self.text.render(values)?,
            fell_back: None,
        })
    }
}

/// The compiled templates of all kinds: made once, used for every notification.
#[derive(Debug, Default)]
pub struct CompiledTemplates {
    builtin: BTreeMap<Kind, CompiledTemplate>,
    /// Those of the settings.
    own: BTreeMap<Kind, CompiledTemplate>,
}

impl CompiledTemplates {
    /// All built-in templates.
    ///
    /// # Errors
    /// None in a release: a test compiles every built-in template.
    pub fn builtin() -> Result<Self, Vec<PartProblem>> {
        let mut templates = Self::default();
        for kind in Kind::ALL {
            templates.builtin.insert(kind, CompiledTemplate::compile(kind, &builtin(kind))?);
        }
        Ok(templates)
    }

    /// Puts a template in place of the built-in one of this kind, which stands in where this one fails.
    pub fn set(&mut self, kind: Kind, template: CompiledTemplate) {
        self.own.insert(kind, template);
    }
}

/// Renders a notification. Where the settings' template of this kind cannot be filled in, the built-in one is used and
/// the mail says why: a slip in a template costs nobody an answer.
///
/// # Errors
/// As [`Template::render`] of the built-in template; also when there is none of this kind.
pub fn render(kind: Kind, templates: &CompiledTemplates, values: &Values) -> Result<Rendered, RenderError> {
    let fell_back = match templates.own.get(&kind).map(|own| own.render(values)) {
        Some(Ok(rendered)) => return Ok(rendered),
        Some(Err(error)) => Some(error.to_string()),
        None => None,
    };
    match templates.builtin.get(&kind) {
        Some(template) => Ok(Rendered { fell_back, ..template.render(values)? }),
        None => Err(RenderError::Template(format!("there is no template of the kind {kind}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_template_compiles_and_renders() {
        let templates = CompiledTemplates::builtin().unwrap();
        for kind in Kind::ALL {
            for values in [Values::examples(variables(kind)), Values::new()] {
                let rendered = render(kind, &templates, &values).unwrap();
                assert!(!rendered.subject.is_empty() && rendered.html.contains("</html>"), "{kind}");
                assert!(!rendered.text.contains('$') && !rendered.html.contains('$'), "{kind}");
                assert!(!rendered.html.contains("src="), "{kind} loads something");
            }
        }
    }

    #[test]
    fn a_reply_shows_the_agents_text_escaped() {
        let templates = CompiledTemplates::builtin().unwrap();
        let values = Values::new()
            .with("ticket.number", "7")
            .with("ticket.subject", "a <b>")
            .with("message", "1 < 2\n\nyes")
            .with("desk.name", "Desk")
            .with_list("attachments", ["x.pdf".to_owned()]);
        let rendered = render(Kind::AgentReply, &templates, &values).unwrap();
        assert_eq!(rendered.subject, "Re: [#7] a <b>");
        assert!(rendered.html.contains("1 &lt; 2</p>") && rendered.html.contains("<li>x.pdf</li>"));
        assert_eq!(rendered.text, "1 < 2\n\nyes\n\nAttached:\n  x.pdf\n\nDesk\nTicket #7\n");
    }

    #[test]
    fn a_template_that_fails_is_stood_in_for_by_the_built_in_one() {
        let mut templates = CompiledTemplates::builtin().unwrap();
        let kind = Kind::AgentReply;
        let text = "$message".repeat(40);
        let own = TemplateSource { subject: "own".into(), html: "own".into(), text };
        templates.set(kind, CompiledTemplate::compile(kind, &own).unwrap());
        let values = |length: usize| Values::new().with("message", "x".repeat(length));
        let rendered = render(kind, &templates, &values(10)).unwrap();
        assert_eq!((rendered.subject.as_str(), rendered.fell_back), ("own", None));
        let rendered = render(kind, &templates, &values(200_000)).unwrap();
        assert_eq!(rendered.fell_back.as_deref(), Some("the text is longer than 4194304 bytes"));
        assert!(rendered.subject.starts_with("Re: ") && rendered.text.contains("xxx"));
    }

    #[test]
    fn names_are_the_same_in_code_and_settings() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
            assert_eq!(Kind::parse(kind.name()), Some(kind));
        }
    }
}
