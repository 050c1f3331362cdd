//! What is asked before a template is changed for the mails to come: what would be other than it is.

use super::opened::Opened;
use super::source::first_error;
use super::state::State;
use crate::app::desk::Desk;
use crate::app::message::Effect;
use crate::app::overlay::{Prompt, Purpose, Question};
use crate::app::place::Place;
use crate::app::request::Request;
use crate::command::template::compare::difference;
use crate::output::{Page, Span, Style};
use maildesk_core::address::Address;
use maildesk_core::notification::TemplateSource;
use maildesk_core::rpc::{TemplateData, TemplateVersion};

impl State {
    /// Old and new of the draft.
    pub(super) fn ask_to_save(&self, desk: &mut Desk) {
        let Some((opened, view, shown)) = self.loaded() else { return };
        if !opened.has_draft() {
            return desk.say(Style::Dim, "there is no draft to save; e begins one");
        }
        if let Some(error) = first_error(shown) {
            return desk.say(Style::Bad, format!("Cannot save: {error}. e opens $EDITOR"));
        }
        let old = view.saved.as_ref().unwrap_or(&view.builtin).to_document();
        let mut page = Page::default();
        let warnings = shown.checked.warnings.len();
        if warnings > 0 {
            page.line([Span::new(Style::Attention, format!("{warnings} variables may be empty in some mails."))]);
        }
        page.append(difference(&old, &shown.document));
        desk.question(Question::new(Purpose::SaveTemplate, format!("Save {}?", name(opened)), page, "save it"));
    }

    pub(super) fn ask_to_reset(&self, desk: &mut Desk) {
        let Some((opened, view, _)) = self.loaded() else { return };
        let Some(saved) = &view.saved else {
            return desk.say(Style::Dim, "the built-in template counts already");
        };
        let mut page = Page::default();
        page.line([Span::plain("What was saved stays in the history.")]);
        page.append(difference(&saved.to_document(), &view.builtin.to_document()));
        let title = format!("Let the built-in {} count again?", name(opened));
        desk.question(Question::new(Purpose::ResetTemplate, title, page, "reset it"));
    }

    pub(super) fn ask_to_forget(&self, desk: &mut Desk) {
        let Some((opened, ..)) = self.loaded() else { return };
        if !opened.has_draft() && opened.refused.is_none() {
            return desk.say(Style::Dim, "there is no draft");
        }
        let mut page = Page::default();
        page.line([Span::plain("Its text is gone then. Mails are made as before.")]);
        desk.question(Question::new(
            Purpose::ForgetDraft,
            format!("Forget the draft of {}?", name(opened)),
            page,
            "forget it",
        ));
    }

    /// Asks for the version that the cursor of the history is on.
    pub(super) fn begin_revert(&self, desk: &mut Desk) {
        let Some((opened, view, _)) = self.loaded() else { return };
        if opened.beside != super::beside::Beside::History {
            return desk.say(Style::Plain, "h shows the history; R saves the version under its cursor again");
        }
        match view.history.get(opened.history.at) {
            Some(stamp) if stamp.reset => self.ask_to_reset(desk),
            Some(stamp) => {
                let request = Request::TemplateSource(opened.kind, opened.language, stamp.revision);
                desk.ask(Place::Templates, request);
            }
            None => desk.say(Style::Dim, "the history is empty"),
        }
    }

    /// The version came: shows what saving it again would change.
    pub(super) fn ask_to_revert(&mut self, source: TemplateSource, desk: &mut Desk) {
        let Some((opened, view, _)) = self.loaded() else { return };
        let now = view.saved.as_ref().unwrap_or(&view.builtin).to_document();
        let page = difference(&now, &source.to_document());
        let title = format!("Save this earlier version of {} again?", name(opened));
        desk.question(Question::new(Purpose::RevertTemplate, title, page, "save it"));
        self.reverted = Some(source);
    }

    /// The address of the person at this console, where the agents' settings have it.
    pub(super) fn ask_where_to_send(&self, desk: &mut Desk) {
        let user = desk.welcome.as_ref().map(|welcome| welcome.user.as_str()).unwrap_or_default();
        let agents = desk.settings.value.iter().flat_map(|view| &view.settings.agents);
        let own = agents.filter(|agent| agent.name == user).find_map(|agent| agent.addresses.first());
        let own = own.map(ToString::to_string).unwrap_or_default();
        desk.prompt(Prompt::new(Purpose::SendTemplate, "Send it to", "an address; one mail goes there now", &own));
    }

    pub(super) fn send(&self, line: &str, desk: &mut Desk) {
        let Some((opened, _, shown)) = self.loaded() else { return };
        match Address::parse(line.trim()) {
            Ok(to) => {
                let (kind, language, data) = (opened.kind, opened.language, opened.data);
                let version = TemplateVersion::Given(shown.source.clone());
                desk.ask(Place::Templates, Request::SendTemplate { kind, language, version, data, to });
            }
            Err(problem) => desk.say(Style::Bad, format!("the address {problem}; nothing was sent")),
        }
    }

    pub(super) fn fill_with(&mut self, line: &str, desk: &mut Desk) {
        let Some(opened) = &mut self.opened else { return };
        opened.data = match line.trim().trim_start_matches('#') {
            "" => TemplateData::Sample,
            number => match number.parse() {
                Ok(number) => TemplateData::Ticket(maildesk_core::ids::TicketNumber(number)),
                Err(_) => return desk.say(Style::Bad, "this is no number of a ticket"),
            },
        };
        if !opened.beside.is_preview() {
            opened.beside = Default::default();
        }
        opened.preview.asking.now();
    }

    /// The person said yes to a save, a reset, a revert, or forgetting.
    pub(super) fn confirmed(&mut self, purpose: Purpose, desk: &mut Desk) {
        let Some((opened, view, shown)) = self.loaded() else { return };
        let (kind, language, seen) = (opened.kind, opened.language, view.row.revision());
        let source = match purpose {
            Purpose::SaveTemplate => Some(shown.source.clone()),
            Purpose::RevertTemplate => self.reverted.clone(),
            Purpose::ResetTemplate => None,
            _ => {
                let draft = opened.draft_name();
                desk.effect(Effect::KeepDraft { name: draft, text: String::new() });
                return desk.ask(Place::Templates, Request::TemplateDraft(kind, language, None));
            }
        };
        if purpose == Purpose::RevertTemplate && source.is_none() {
            return;
        }
        desk.ask(Place::Templates, Request::SaveTemplate(kind, language, source.map(Box::new), seen));
    }
}

/// `agent_reply (de)`.
pub(super) fn name(opened: &Opened) -> String {
    format!("{} ({})", opened.kind, opened.language)
}
