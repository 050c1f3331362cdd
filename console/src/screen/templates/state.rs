//! The list of templates, the one that is open, and what has the focus.

use super::beside::Beside;
use super::opened::{Opened, Shown};
use crate::action::{Action, Context};
use crate::app::cursor::{Cursor, Move};
use crate::app::desk::Desk;
use crate::app::kept::Kept;
use crate::app::message::Effect;
use crate::app::overlay::{Prompt, Purpose, Question};
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, Request};
use crate::app::screen::Screen;
use crate::output::{Page, Span, Style};
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::language::Language;
use maildesk_core::notification::TemplateSource;
use maildesk_core::rpc::{TemplateData, TemplateRow, TemplateView};

#[derive(Debug, Default)]
pub struct State {
    pub list: Kept<Vec<TemplateRow>>,
    pub cursor: Cursor,
    /// Only this language is listed.
    pub language: Option<Language>,
    pub opened: Option<Opened>,
    /// The version of the history that waits for a yes.
    pub(super) reverted: Option<TemplateSource>,
}

impl State {
    /// Rows of the languages that are wanted.
    pub fn visible(&self) -> Vec<&TemplateRow> {
        let wanted = |row: &&TemplateRow| self.language.is_none_or(|language| row.language == language);
        self.list.value.iter().flatten().filter(wanted).collect()
    }

    /// The open template, once all of it is there.
    pub(super) fn loaded(&self) -> Option<(&Opened, &TemplateView, &Shown)> {
        let opened = self.opened.as_ref()?;
        Some((opened, opened.view.value.as_ref()?, opened.shown.as_ref()?))
    }

    fn open_selected(&mut self, desk: &mut Desk) {
        let Some((kind, language)) = self.visible().get(self.cursor.at).map(|row| (row.kind, row.language)) else {
            return;
        };
        let opened = Opened::new(kind, language);
        desk.effect(Effect::LoadDraft(opened.draft_name()));
        self.opened = Some(opened);
    }

    fn neighbour(&mut self, way: Move, desk: &mut Desk) {
        let rows = self.visible().len();
        self.cursor.go(way, rows);
        self.open_selected(desk);
    }

    fn next_language(&mut self) {
        let next = match self.language {
            None => Language::ALL.first().copied(),
            Some(now) => Language::ALL.iter().copied().skip_while(|other| *other != now).nth(1),
        };
        self.language = next;
        self.cursor.at = 0;
    }

    fn show_beside(&mut self, choose: impl FnOnce(&Opened) -> Beside) {
        if let Some(opened) = &mut self.opened {
            opened.beside = choose(opened);
            opened.reading = opened.beside == Beside::History;
            opened.beside_scroll.reset();
        }
    }

    fn moved(&mut self, way: Move) {
        let rows = self.visible().len();
        match &mut self.opened {
            None => self.cursor.go(way, rows),
            Some(opened) if opened.reading && opened.beside == Beside::History => {
                let versions = opened.view.value.as_ref().map_or(0, |view| view.history.len());
                opened.history.go(way, versions);
            }
            Some(opened) if opened.reading => opened.beside_scroll.go(way),
            Some(opened) => opened.source_scroll.go(way),
        }
    }

    fn edit(&self, desk: &mut Desk) {
        if let Some(text) = self.opened.as_ref().and_then(Opened::text) {
            desk.effect(Effect::Editor { from: Place::Templates, text, ending: ".template.html" });
        }
    }
}

impl Screen for State {
    fn context(&self) -> Context {
        match self.opened {
            Some(_) => Context::Template,
            None => Context::Templates,
        }
    }

    fn entered(&mut self, _desk: &mut Desk) {
        self.list.asking.now();
        if let Some(opened) = &mut self.opened {
            opened.view.asking.now();
            opened.preview.asking.now();
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        if self.list.asking.is_due(desk.now()) {
            desk.ask(Place::Templates, Request::Templates);
        }
        if let Some(opened) = &mut self.opened {
            opened.refresh(desk);
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> bool {
        if let Some(way) = action.way() {
            self.moved(way);
            return true;
        }
        let has_saved = self.loaded().is_some_and(|(_, view, _)| view.saved.is_some());
        match (&mut self.opened, action) {
            (None, Action::Open) => self.open_selected(desk),
            (None, Action::NextLanguage) => self.next_language(),
            (None, Action::Out) if self.language.is_some() => self.language = None,
            (Some(opened), Action::Out) if opened.reading => opened.reading = false,
            (Some(opened), Action::Out | Action::Back) => {
                if opened.refused.is_some() {
                    desk.say(Style::Plain, "the text that is no template yet is kept; e goes on with it");
                }
                self.opened = None;
            }
            (Some(opened), Action::NextPane) => opened.reading = !opened.reading,
            (Some(_), Action::Edit) => self.edit(desk),
            (Some(_), Action::Save) => self.ask_to_save(desk),
            (Some(_), Action::NextView) => self.show_beside(|opened| opened.beside.next_view()),
            (Some(_), Action::Diff) => self.show_beside(|opened| opened.beside.next_diff(has_saved)),
            (Some(_), Action::Names) => self.show_beside(|_| Beside::Names),
            (Some(_), Action::History) => self.show_beside(|_| Beside::History),
            (Some(_), Action::Revert) => self.begin_revert(desk),
            (Some(_), Action::Reset) => self.ask_to_reset(desk),
            (Some(_), Action::Remove) => self.ask_to_forget(desk),
            (Some(_), Action::TestMail) => self.ask_where_to_send(desk),
            (Some(opened), Action::Sample) => {
                let now = match opened.data {
                    TemplateData::Sample => String::new(),
                    TemplateData::Ticket(number) => number.to_string(),
                };
                let help = "the number of a ticket; empty: the examples of the variables";
                desk.prompt(Prompt::new(Purpose::TemplateData, "Fill it with", help, &now));
            }
            (Some(_), Action::NextItem) => self.neighbour(Move::Down, desk),
            (Some(_), Action::PreviousItem) => self.neighbour(Move::Up, desk),
            _ => return false,
        }
        true
    }

    fn unavailable(&self, action: Action, _desk: &Desk) -> Option<String> {
        let opened = self.opened.as_ref()?;
        let errors = opened.shown.as_ref().map_or(0, |shown| shown.checked.problems.len());
        match action {
            Action::TestMail if errors > 0 => Some("it makes no mail while it has errors".into()),
            Action::Edit | Action::Save if opened.text().is_none() => Some("the template is not here yet".into()),
            _ => None,
        }
    }

    fn answered(&mut self, request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        self.heard(request, result, desk);
    }

    fn told(&mut self, purpose: Purpose, line: String, desk: &mut Desk) {
        match purpose {
            Purpose::SaveTemplate | Purpose::ResetTemplate | Purpose::RevertTemplate | Purpose::ForgetDraft => {
                self.confirmed(purpose, desk);
            }
            Purpose::SendTemplate => self.send(&line, desk),
            Purpose::TemplateData => self.fill_with(&line, desk),
            Purpose::EditAgain => self.edit(desk),
            _ => {}
        }
    }

    fn edited(&mut self, text: String, desk: &mut Desk) {
        let Some(opened) = &mut self.opened else { return };
        if let Err(error) = opened.take(text, desk) {
            let mut page = Page::default();
            page.line([Span::plain(format!("The text does not read: {error}."))]);
            page.line([Span::dim("Nothing is lost: e opens it again, also later; x forgets it.")]);
            desk.question(Question::new(Purpose::EditAgain, "This is no template yet", page, "edit it again"));
        } else if let Some(error) = opened.shown.as_ref().and_then(super::source::first_error) {
            desk.say(Style::Bad, format!("kept as a draft; it cannot be saved: {error}"));
        }
    }

    fn draft(&mut self, name: &str, text: String, _desk: &mut Desk) {
        if let Some(opened) = self.opened.as_mut().filter(|opened| opened.draft_name() == name) {
            opened.found(text);
        }
    }

    fn happened(&mut self, events: &[Event], missed: bool, _desk: &mut Desk) {
        let saved = events.iter().any(|event| matches!(event.what, DomainEvent::TemplateSaved { .. }));
        if saved || missed {
            self.list.asking.stale();
            if let Some(opened) = &mut self.opened {
                opened.view.asking.stale();
            }
        }
    }

    fn plain(&self, desk: &Desk) -> Option<String> {
        match &self.opened {
            None => self.visible().get(self.cursor.at).map(|row| format!("{} {}", row.kind, row.language)),
            Some(opened) if opened.reading => Some(super::beside::page(opened, desk).to_text(false)),
            Some(opened) => Some(opened.shown.as_ref()?.document.clone()),
        }
    }
}
