//! What is wrong with a macro, before it is saved: each text at its line and column, each field by its name.

use super::{Macro, MacroName, MacroStatus};
use crate::notification::{Escape, RenderError, Template, TemplateProblem, Values, macro_variables};
use crate::settings::FieldProblem;
use crate::ticket::{is_user_name, usable_tag};

/// Bytes of an answer or note at the most.
const LONGEST_TEXT: usize = 20_000;
/// Tags that one macro adds or takes away at the most.
const MOST_TAGS: usize = 20;

/// The texts of a macro, ready to be filled in.
#[derive(Debug)]
pub struct MacroTemplates {
    reply: Option<Template>,
    note: Option<Template>,
}

impl MacroTemplates {
    /// What may go wrong with some tickets: variables that may be empty and have nothing in their place.
    pub fn warnings(&self, name: &MacroName) -> Vec<String> {
        let texts = [("reply", &self.reply), ("note", &self.note)];
        let all = texts.into_iter().filter_map(|(field, template)| Some((field, template.as_ref()?)));
        let warning = |(field, found): (&str, &TemplateProblem)| {
            format!("macro \"{name}\": {field}, line {}, column {}: {}", found.line, found.column, found.message)
        };
        all.flat_map(|(field, template)| template.warnings().iter().map(move |found| (field, found)))
            .map(warning)
            .collect()
    }

    /// The answer and the note for a ticket. An answer that came out empty is none.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render(&self, values: &Values) -> Result<(Option<String>, Option<String>), RenderError> {
        let filled = |template: &Option<Template>| -> Result<Option<String>, RenderError> {
            let text = template.as_ref().map(|template| template.render(values)).transpose()?;
            Ok(text.map(|text| text.trim_end().to_owned()).filter(|text| !text.trim().is_empty()))
        };
        Ok((filled(&self.reply)?, filled(&self.note)?))
    }
}

/// Checks a macro and compiles its texts.
///
/// # Errors
/// Every problem that was found.
pub fn check(content: &Macro) -> Result<MacroTemplates, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let reply = text(content, "reply", content.reply.as_deref(), &mut problems);
    let note = text(content, "note", content.note.as_deref(), &mut problems);
    let mut refuse = |field: &str, problem: String, remedy: &str| {
        problems.push(FieldProblem::new(label(content, field), problem, remedy));
    };
    for (field, tags) in [("add_tags", &content.add_tags), ("remove_tags", &content.remove_tags)] {
        if tags.len() > MOST_TAGS {
            refuse(field, format!("has more than {MOST_TAGS}"), "split it into two macros");
        }
        for rejected in tags.iter().filter_map(|tag| usable_tag(tag).err()) {
            refuse(field, rejected.to_string(), "a tag is one word or a few");
        }
    }
    if let Some(tag) = content.add_tags.iter().find(|tag| content.remove_tags.contains(tag)) {
        refuse("remove_tags", format!("takes \"{tag}\" away, which add_tags adds"), "leave one of them out");
    }
    if let Some(name) = content.assign.as_deref().filter(|name| !is_user_name(name)) {
        let problem = format!("\"{}\" is no user name", crate::text::shorten(&crate::text::clean_line(name), 80));
        refuse("assign", problem, "give the name of an agent, me, or nobody");
    }
    if content.tell && content.status != Some(MacroStatus::Resolved) {
        refuse("tell", "counts only with status = \"resolved\"".into(), "leave it out, or set the status");
    }
    if *content == Macro::new(content.name.clone()) {
        refuse("reply", "the macro does nothing".into(), "give it a reply, a note, or something to change");
    }
    if problems.is_empty() { Ok(MacroTemplates { reply, note }) } else { Err(problems) }
}

fn text(content: &Macro, field: &str, source: Option<&str>, problems: &mut Vec<FieldProblem>) -> Option<Template> {
    let source = source?;
    if source.len() > LONGEST_TEXT {
        let problem = format!("has {} bytes, more than {LONGEST_TEXT}", source.len());
        problems.push(FieldProblem::new(label(content, field), problem, "make it shorter"));
        return None;
    }
    if source.trim().is_empty() {
        problems.push(FieldProblem::new(label(content, field), "is empty", "leave it out, or write something"));
        return None;
    }
    match Template::compile(Escape::Text, source, macro_variables()) {
        Ok(template) => Some(template),
        Err(found) => {
            let problem = |found: TemplateProblem| {
                let TemplateProblem { line, column, length, message } = found;
                let place = if length > 0 { format!(", line {line}, column {column}") } else { String::new() };
                let remedy = "maildesk macro variables lists what there is";
                FieldProblem::new(format!("{}{place}", label(content, field)), message, remedy)
            };
            problems.extend(found.into_iter().map(problem));
            None
        }
    }
}

fn label(content: &Macro, field: &str) -> String {
    format!("macro \"{}\": {field}", content.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(change: impl FnOnce(Macro) -> Macro) -> Result<MacroTemplates, String> {
        let content = change(Macro::new(MacroName::parse("shipped").unwrap()));
        check(&content).map_err(|found| found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn texts_are_filled_in_and_an_empty_answer_is_none() {
        let reply = Some("Hello ${contact.name | default: \"there\"},\n$ticket.number is on its way.\n".into());
        let note = Some("{% if customer.name %}of $customer.name{% endif %}".into());
        let made = named(|empty| Macro { reply, note, ..empty }).unwrap();
        let filled = made.render(&Values::new().with("ticket.number", "7")).unwrap();
        assert_eq!(filled, (Some("Hello there,\n7 is on its way.".into()), None));
    }

    #[test]
    fn unknown_variables_are_named_at_their_place_with_what_was_meant() {
        let said = named(|empty| Macro { reply: Some("Hello\n  $contact.nam,".into()), ..empty }).unwrap_err();
        assert!(
            said.starts_with(
                "macro \"shipped\": reply, line 2, column 3: unknown variable `$contact.nam`, did you mean \
                 `$contact.name`?; maildesk macro variables"
            ),
            "{said}"
        );
        let said = named(|empty| Macro { note: Some("$message".into()), ..empty }).unwrap_err();
        assert!(said.contains("unknown variable `$message`"), "a macro's text is the message: {said}");
    }

    #[test]
    fn what_may_be_empty_is_a_warning() {
        let made =
            named(|empty| Macro { reply: Some("Hello $contact.name,\n$ticket.number".into()), ..empty }).unwrap();
        let said = made.warnings(&MacroName::parse("shipped").unwrap());
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with("macro \"shipped\": reply, line 1, column 7: `$contact.name` may be empty"));
    }

    #[test]
    fn every_field_that_cannot_be_is_refused() {
        let some = |text: &str| Some(text.to_owned());
        for (made, want) in [
            (named(|empty| empty), "the macro does nothing"),
            (named(|empty| Macro { reply: some(" \n"), ..empty }), "reply: is empty"),
            (named(|empty| Macro { note: Some("x".repeat(20_001)), ..empty }), "has 20001 bytes"),
            (named(|empty| Macro { assign: some("a b"), ..empty }), "\"a b\" is no user name"),
            (named(|empty| Macro { add_tags: vec!["a,b".into()], ..empty }), "\"a,b\" is no tag"),
            (named(|empty| Macro { tell: true, reply: some("x"), ..empty }), "tell: counts only with"),
            (
                named(|empty| Macro { add_tags: vec!["a".into()], remove_tags: vec!["a".into()], ..empty }),
                "takes \"a\" away",
            ),
        ] {
            assert!(made.as_ref().is_err_and(|said| said.contains(want)), "{want}: {made:?}");
        }
    }
}
