//! Adding rules to the draft, taking them out, and keeping it on this machine until it is saved.

use super::state::State;
use crate::action::Action;
use crate::app::desk::Desk;
use crate::app::message::Effect;
use crate::app::overlay::{Purpose, Question};
use crate::output::{Page, Span, Style};
use maildesk_core::filter::arrange::{self, Place};
use maildesk_core::filter::{PRESETS, to_toml, words};
use maildesk_core::settings::filters_from_toml;

/// Under which the draft is kept.
pub(super) const DRAFT: &str = "filters";
/// A draft without any rule; an empty text would be forgotten.
const NO_RULE: &str = "# no rule\n";

impl State {
    /// Keeps the draft as it is now, or forgets it where there is none.
    pub(super) fn keep_draft(&self, desk: &mut Desk) {
        let text = match self.draft.as_deref() {
            None => String::new(),
            Some([]) => NO_RULE.to_owned(),
            Some(rules) => to_toml(rules),
        };
        desk.effect(Effect::KeepDraft { name: DRAFT.into(), text });
    }

    /// What an earlier console kept.
    pub(super) fn found(&mut self, text: &str) {
        match filters_from_toml(text) {
            Ok(rules) => self.draft = Some(rules),
            Err(_) if text == NO_RULE => self.draft = Some(Vec::new()),
            Err(problems) => self.problems = problems,
        }
    }

    pub(super) fn ask_to_remove(&self, desk: &mut Desk) {
        let rules = self.rules();
        let Some(rule) = rules.get(self.cursor.at) else { return };
        let mut page = Page::default();
        page.line([Span::dim("when"), Span::plain(words::when(rule))]);
        page.line([Span::dim("then"), Span::plain(words::then(&rule.then))]);
        if let Some(hits) = self.hits(rule) {
            page.line([Span::plain(format!("It matched {} mails; the count goes with it.", hits.count))]);
        }
        page.line([Span::dim("It acts until the draft is saved.")]);
        let title = format!("Take rule {} out of the draft?", rule.name);
        desk.question(Question::new(Purpose::RemoveItem, title, page, "take it out"));
    }

    /// The person said yes.
    pub(super) fn remove(&mut self, desk: &mut Desk) {
        let at = self.cursor.at;
        if at < self.rules().len() {
            self.change(|rules| drop(rules.remove(at)));
            self.cursor.keep_within(self.rules().len());
            self.keep_draft(desk);
            desk.say(Style::Good, "the draft is changed; t tries it on the last mails, ^S saves it");
        }
    }

    /// What can be done while the presets are listed.
    pub(super) fn act_on_presets(&mut self, action: Action, desk: &mut Desk) -> bool {
        let Some(cursor) = &mut self.presets else { return false };
        match (action.way(), action) {
            (Some(way), _) => cursor.go(way, PRESETS.len()),
            (None, Action::Open) => {
                let at = cursor.at;
                self.add_preset(at, desk);
            }
            (None, Action::Out | Action::Back) => self.presets = None,
            _ => return false,
        }
        true
    }

    /// Adds the rules of a preset behind all others.
    fn add_preset(&mut self, at: usize, desk: &mut Desk) {
        let Some(preset) = PRESETS.get(at) else { return };
        let Ok(added) = preset.filters() else { return };
        let (mut rules, mut taken) = (self.rules(), None);
        for rule in added {
            taken = arrange::add(&mut rules, rule, &Place::Last).err().or(taken);
        }
        if let Some(error) = taken {
            return desk.say(Style::Attention, format!("{error}: e changes that one"));
        }
        self.presets = None;
        self.change(|known| *known = rules);
        self.cursor.at = self.rules().len().saturating_sub(1);
        self.keep_draft(desk);
        desk.say(Style::Good, format!("{} is in the draft; t tries it, J and K move it, ^S saves", preset.name));
    }
}
