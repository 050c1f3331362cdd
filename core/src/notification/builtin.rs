//! The templates that a fresh install has, in every language: one form for each kind, filled with phrases.

use super::{Kind, TemplateSource};
use crate::language::Language;

const LAYOUT: &str = include_str!("templates/layout.html");
/// The name of the desk under the mail.
const FOOTER: &str = "$desk.name";
const SIGNED_FOOTER: &str = "{% if agent.name %}$agent.name<br>\n{% endif %}$desk.name<br>\n@@ticket@@";

/// The form of a kind, with `@@phrases@@`.
struct Form {
    subject: &'static str,
    html: &'static str,
    text: &'static str,
    title: &'static str,
    footer: &'static str,
}

macro_rules! form {
    ($name:literal, $title:literal) => {
        form!($name, $title, FOOTER)
    };
    ($name:literal, $title:literal, $footer:expr) => {
        Form {
            subject: include_str!(concat!("templates/", $name, ".subject")),
            html: include_str!(concat!("templates/", $name, ".html")),
            text: include_str!(concat!("templates/", $name, ".txt")),
            title: $title,
            footer: $footer,
        }
    };
}

fn form(kind: Kind) -> Form {
    match kind {
        Kind::TicketAcknowledgement => form!("ticket_acknowledgement", "@@ticket@@"),
        Kind::AgentReply => form!("agent_reply", "@@ticket@@", SIGNED_FOOTER),
        Kind::TicketResolved => form!("ticket_resolved", "@@resolved@@: @@ticket@@"),
        Kind::SlaWarning => form!("sla_warning", "@@due_soon@@: @@ticket@@"),
        Kind::SlaBreached => form!("sla_breached", "@@overdue@@: @@ticket@@"),
        Kind::Invitation => form!("invitation", "@@invited_to@@"),
        Kind::AgentNewTicket => form!("agent_new_ticket", "@@new_ticket@@: @@ticket@@"),
        Kind::AgentCustomerReplied => form!("agent_customer_replied", "@@new_message@@: @@ticket@@"),
        Kind::InvitationAnswer => form!("invitation_answer", "@@invited_to@@"),
        Kind::CommandRefused => form!("command_refused", "@@not_done@@: @@ticket@@"),
        Kind::AgentReminder => form!("agent_reminder", "@@waited_until_now@@: @@ticket@@"),
        Kind::AgentAssigned => form!("agent_assigned", "@@assigned_to_you@@: @@ticket@@"),
    }
}

fn phrases(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("templates/phrases/en"),
        Language::De => include_str!("templates/phrases/de"),
        Language::Fr => include_str!("templates/phrases/fr"),
        Language::Es => include_str!("templates/phrases/es"),
    }
}

/// The built-in template of a kind in a language.
pub fn builtin(kind: Kind, language: Language) -> TemplateSource {
    let Form { subject, html, text, title, footer } = form(kind);
    let html = LAYOUT.replace("@@title@@", title).replace("@@body@@", html).replace("@@footer@@", footer);
    let fill = |form: &str| filled(form, language);
    TemplateSource { subject: fill(subject.trim_end()), html: fill(&html), text: Some(fill(text)) }
}

fn filled(form: &str, language: Language) -> String {
    let table = phrases(language).lines().filter_map(|line| line.split_once(" = "));
    let named = form.replace("@@language@@", language.tag());
    table.fold(named, |form, (name, phrase)| form.replace(&format!("@@{name}@@"), phrase))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_language_has_every_phrase_and_no_phrase_is_html() {
        let names = |language| {
            let lines =
                phrases(language).lines().map(|line| line.split_once(" = ").unwrap_or_else(|| panic!("{line}")));
            lines
                .map(|(name, phrase)| {
                    assert!(!phrase.contains(['<', '>', '&']), "{language}: {phrase}");
                    name
                })
                .collect::<BTreeSet<_>>()
        };
        for language in Language::ALL {
            assert_eq!(names(language), names(Language::En), "{language}");
        }
    }

    #[test]
    fn no_phrase_is_left_open() {
        for (kind, language) in Kind::ALL.into_iter().flat_map(|kind| Language::ALL.map(|language| (kind, language))) {
            let source = builtin(kind, language);
            for part in [&source.subject, &source.html, source.text.as_ref().unwrap()] {
                assert!(!part.contains("@@"), "{kind} {language}: {part}");
            }
            assert!(source.html.contains(&format!("<html lang=\"{language}\">")));
        }
    }
}
