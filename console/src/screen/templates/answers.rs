//! What the daemon answers about templates.

use super::opened::Opened;
use super::state::State;
use crate::app::desk::Desk;
use crate::app::message::Effect;
use crate::app::request::{Answer, Problem, ProblemKind, Request};
use crate::output::Style;
use maildesk_core::language::Language;
use maildesk_core::notification::Kind;

impl State {
    /// The open template, if it is this one.
    fn opened_as(&mut self, kind: Kind, language: Language) -> Option<&mut Opened> {
        self.opened.as_mut().filter(|opened| opened.kind == kind && opened.language == language)
    }

    pub(super) fn heard(&mut self, request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        let now = desk.now();
        match (request, result) {
            (Request::Templates, Ok(Answer::Templates(rows))) => {
                self.list.came(Ok(rows), now);
                let rows = self.visible().len();
                self.cursor.keep_within(rows);
            }
            (Request::Templates, Err(problem)) => self.list.came(Err(problem), now),
            (Request::Template(kind, language), result) => {
                let Some(opened) = self.opened_as(kind, language) else { return };
                match result {
                    Ok(Answer::Template(view)) => {
                        // The daemon has it: from now on its draft is the one that counts.
                        opened.edited.take_if(|edited| view.draft.as_ref() == Some(edited));
                        opened.view.came(Ok(*view), now);
                    }
                    Ok(_) => {}
                    Err(problem) => opened.view.came(Err(problem), now),
                }
                opened.settle();
            }
            (Request::RenderTemplate { kind, language, .. }, result) => {
                let Some(opened) = self.opened_as(kind, language) else { return };
                match result {
                    Ok(Answer::Rendered(preview)) => opened.preview.came(Ok(*preview), now),
                    Ok(_) => {}
                    Err(problem) => opened.preview.came(Err(problem), now),
                }
            }
            (Request::TemplateDraft(kind, language, source), Ok(_)) => {
                self.kept(kind, language, source.is_some(), desk);
            }
            (Request::SaveTemplate(kind, language, source, _), Ok(Answer::TemplateSaved(row))) => {
                self.settled(kind, language, desk);
                desk.say(
                    Style::Good,
                    match source {
                        Some(_) => format!("saved as revision {}; mails are made by it now", row.revision()),
                        None => "the built-in template counts again".into(),
                    },
                );
            }
            (Request::TemplateSource(kind, language, _), Ok(Answer::TemplateSource(source))) => {
                if self.opened_as(kind, language).is_some() {
                    self.ask_to_revert(*source, desk);
                }
            }
            (Request::SendTemplate { to, .. }, Ok(Answer::TemplateQueued(id))) => {
                desk.say(Style::Good, format!("queued as mail {id} to {to}; 3 shows what becomes of it"));
            }
            (Request::SaveTemplate(kind, language, ..), Err(problem)) if problem.kind == ProblemKind::Conflict => {
                if let Some(opened) = self.opened_as(kind, language) {
                    opened.view.asking.now();
                }
                desk.say(Style::Attention, "somebody else saved first: your draft is kept, save again to see both");
            }
            (_, Err(problem)) => desk.say_problem(&problem),
            (_, Ok(_)) => {}
        }
    }

    /// The daemon has the draft, or forgot it.
    fn kept(&mut self, kind: Kind, language: Language, is_draft: bool, desk: &mut Desk) {
        self.list.asking.now();
        let Some(opened) = self.opened_as(kind, language) else { return };
        if !is_draft {
            (opened.edited, opened.refused) = (None, None);
            desk.say(Style::Plain, "the draft is forgotten");
        }
        opened.view.asking.now();
        desk.effect(Effect::KeepDraft { name: opened.draft_name(), text: String::new() });
    }

    /// What counts is another now.
    fn settled(&mut self, kind: Kind, language: Language, desk: &mut Desk) {
        self.list.asking.now();
        self.reverted = None;
        if let Some(opened) = self.opened_as(kind, language) {
            (opened.edited, opened.refused) = (None, None);
            opened.view.asking.now();
            desk.effect(Effect::KeepDraft { name: opened.draft_name(), text: String::new() });
        }
    }
}
