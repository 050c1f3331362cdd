//! Compiled templates and what they make.

use super::template::{Escape, RenderError, Template, TemplateProblem, Values};
use super::{Kind, TemplateSource, builtin, variables};
use crate::language::Language;
use crate::mail::html_to_text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// A rendered notification, without headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One clean line.
    pub subject: String,
    pub html: String,
    pub text: String,
    /// Why the built-in template stands in for the saved one.
    pub fell_back: Option<String>,
}

/// The parts of a template, compiled.
#[derive(Debug)]
pub struct CompiledTemplate {
    subject: Template,
    html: Template,
    /// Absent: the text is made from the HTML.
    text: Option<Template>,
}

/// A part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Subject,
    Html,
    Text,
}

impl Part {
    pub const fn name(self) -> &'static str {
        match self {
            Part::Subject => "subject",
            Part::Html => "html",
            Part::Text => "text",
        }
    }
}

/// A problem and the part it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartProblem {
    pub part: Part,
    pub problem: TemplateProblem,
}

impl std::fmt::Display for PartProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let TemplateProblem { line, column, length, message } = &self.problem;
        match length {
            0 => write!(f, "{}: {message}", self.part.name()),
            _ => write!(f, "{}, line {line}, column {column}: {message}", self.part.name()),
        }
    }
}

/// What a check of a template found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedSource {
    /// These forbid saving it.
    pub problems: Vec<PartProblem>,
    /// These do not.
    pub warnings: Vec<PartProblem>,
}

/// Checks a template as saving it does.
pub fn check(kind: Kind, source: &TemplateSource) -> CheckedSource {
    match CompiledTemplate::compile(kind, source) {
        Ok(compiled) => CheckedSource { problems: Vec::new(), warnings: compiled.warnings() },
        Err(problems) => CheckedSource { problems, warnings: Vec::new() },
    }
}

impl CompiledTemplate {
    /// Checks and compiles all parts.
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
        let text = source.text.as_ref().map(|text| part(Part::Text, Escape::Text, text));
        match (subject, html, text) {
            (Some(subject), Some(html), None) => Ok(Self { subject, html, text: None }),
            (Some(subject), Some(html), Some(Some(text))) => Ok(Self { subject, html, text: Some(text) }),
            _ => Err(problems),
        }
    }

    /// What may go wrong with some mails.
    pub fn warnings(&self) -> Vec<PartProblem> {
        let parts =
            [(Part::Subject, Some(&self.subject)), (Part::Html, Some(&self.html)), (Part::Text, self.text.as_ref())];
        let all = parts.into_iter().filter_map(|(part, template)| Some((part, template?)));
        all.flat_map(|(part, template)| template.warnings().iter().map(move |problem| (part, problem)))
            .map(|(part, problem)| PartProblem { part, problem: problem.clone() })
            .collect()
    }

    /// Fills in the values.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render(&self, values: &Values) -> Result<Rendered, RenderError> {
        let html = self.html.render(values)?;
        let text = match &self.text {
            Some(text) => text.render(values)?,
            None => format!("{}\n", html_to_text(&html).trim()),
        };
        Ok(Rendered { subject: self.subject.render(values)?, html, text, fell_back: None })
    }
}

/// A built-in template, once it was used.
type BuiltIn = OnceLock<Result<CompiledTemplate, Vec<PartProblem>>>;

/// The templates of all kinds and languages, each compiled once. Most desks write in one or two languages, so a built-in
/// one is compiled when it is first used.
#[derive(Debug, Clone, Default)]
pub struct CompiledTemplates {
    builtin: Arc<BTreeMap<(Kind, Language), BuiltIn>>,
    /// Those that people have saved.
    own: BTreeMap<(Kind, Language), Arc<CompiledTemplate>>,
}

impl CompiledTemplates {
    /// All built-in templates.
    pub fn builtin() -> Self {
        let every = Kind::ALL.into_iter().flat_map(|kind| Language::ALL.map(|language| (kind, language)));
        let builtin = Arc::new(every.map(|which| (which, OnceLock::new())).collect());
        Self { builtin, own: BTreeMap::new() }
    }

    /// Puts a template in place of the built-in one, which stands in where this one fails.
    pub fn set(&mut self, kind: Kind, language: Language, template: CompiledTemplate) {
        self.own.insert((kind, language), Arc::new(template));
    }

    /// Lets the built-in template count again.
    pub fn unset(&mut self, kind: Kind, language: Language) {
        self.own.remove(&(kind, language));
    }
}

/// Renders a notification. Where the saved template of this kind cannot be filled in, the built-in one is used and the
/// mail says why: a slip in a template costs nobody an answer.
///
/// # Errors
/// As [`Template::render`] of the built-in template; also when there is none of this kind.
pub fn render(
    kind: Kind,
    language: Language,
    templates: &CompiledTemplates,
    values: &Values,
) -> Result<Rendered, RenderError> {
    let fell_back = match templates.own.get(&(kind, language)).map(|own| own.render(values)) {
        Some(Ok(rendered)) => return Ok(rendered),
        Some(Err(error)) => Some(error.to_string()),
        None => None,
    };
    let compiled = templates
        .builtin
        .get(&(kind, language))
        .map(|template| template.get_or_init(|| CompiledTemplate::compile(kind, &builtin(kind, language))));
    match compiled {
        Some(Ok(template)) => Ok(Rendered { fell_back, ..template.render(values)? }),
        // No release has this: a test compiles every built-in template.
        Some(Err(problems)) => {
            let said: Vec<String> = problems.iter().map(PartProblem::to_string).collect();
            Err(RenderError::Template(said.join("; ")))
        }
        None => Err(RenderError::Template(format!("there is no template of the kind {kind}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::En;

    #[test]
    fn every_builtin_template_compiles_without_a_warning_and_renders() {
        let templates = CompiledTemplates::builtin();
        for (kind, language) in Kind::ALL.into_iter().flat_map(|kind| Language::ALL.map(|language| (kind, language))) {
            assert_eq!(check(kind, &builtin(kind, language)), CheckedSource::default(), "{kind} {language}");
            for values in [Values::examples(variables(kind)), Values::new()] {
                let rendered = render(kind, language, &templates, &values).unwrap();
                assert!(!rendered.subject.is_empty() && rendered.html.contains("</html>"), "{kind}");
                assert!(!rendered.text.contains('$') && !rendered.html.contains('$'), "{kind}");
                assert!(!rendered.html.contains("src="), "{kind} loads something");
            }
        }
    }

    #[test]
    fn a_reply_shows_the_agents_text_escaped() {
        let templates = CompiledTemplates::builtin();
        let values = Values::new()
            .with("ticket.number", "7")
            .with("ticket.subject", "a <b>")
            .with("message", "1 < 2\n\nyes")
            .with("desk.name", "Desk")
            .with_list("attachments", ["x.pdf".to_owned()]);
        let rendered = render(Kind::AgentReply, EN, &templates, &values).unwrap();
        assert_eq!(rendered.subject, "Re: [#7] a <b>");
        assert!(rendered.html.contains("1 &lt; 2</p>") && rendered.html.contains("<li>x.pdf</li>"));
        assert_eq!(rendered.text, "1 < 2\n\nyes\n\nAttached:\n  x.pdf\n\nDesk\nTicket #7\n");
    }

    #[test]
    fn without_a_text_part_the_text_is_made_from_the_html() {
        let source = TemplateSource {
            subject: "s".into(),
            html: "<style>p { color: red }</style><p>Hello <b>$contact.name</b></p>\n$message".into(),
            text: None,
        };
        let values = Values::new().with("contact.name", "O'Neil & <Co>").with("message", "1 < 2\n\nyes");
        let rendered = CompiledTemplate::compile(Kind::AgentReply, &source).unwrap().render(&values).unwrap();
        assert_eq!(rendered.text, "Hello O'Neil & <Co>\n\n1 < 2\n\nyes\n");
    }

    #[test]
    fn a_template_that_fails_is_stood_in_for_by_the_built_in_one() {
        let mut templates = CompiledTemplates::builtin();
        let kind = Kind::AgentReply;
        let text = Some("$message".repeat(40));
        let own = TemplateSource { subject: "own".into(), html: "own".into(), text };
        templates.set(kind, EN, CompiledTemplate::compile(kind, &own).unwrap());
        let values = |length: usize| Values::new().with("message", "x".repeat(length));
        let rendered = render(kind, EN, &templates, &values(10)).unwrap();
        assert_eq!((rendered.subject.as_str(), rendered.fell_back), ("own", None));
        let rendered = render(kind, EN, &templates, &values(200_000)).unwrap();
        assert_eq!(rendered.fell_back.as_deref(), Some("the text is longer than 4194304 bytes"));
        assert!(rendered.subject.starts_with("Re: ") && rendered.text.contains("xxx"));
        assert!(render(kind, Language::De, &templates, &values(10)).unwrap().subject.contains("Anfrage"));
    }

    #[test]
    fn names_are_the_same_in_code_and_settings() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
            assert_eq!(Kind::parse(kind.name()), Some(kind));
        }
    }
}
