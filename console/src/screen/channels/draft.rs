//! What was typed into a form and not saved, kept on this machine for another day: everything but secrets.

use super::field::Kind;
use super::form::Form;
use super::state::State;
use crate::app::desk::Desk;
use crate::app::message::Effect;
use crate::output::{Style, counted};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// A draft is kept so long after the first key that is not kept yet.
const QUIET: SignedDuration = SignedDuration::from_secs(1);

impl Form {
    /// The name of its draft.
    pub fn draft_name(&self) -> String {
        format!("form-{}-{}", self.noun.word(), self.name)
    }

    /// What a person changed; empty where nothing is.
    fn draft_text(&self) -> String {
        let told = |field: &&super::Field| field.is_changed() && field.kind != Kind::Secret;
        let changed: BTreeMap<&str, String> =
            self.sheet.fields.iter().filter(told).map(|field| (field.path, field.text())).collect();
        match changed.is_empty() {
            true => String::new(),
            false => serde_json::to_string(&changed).unwrap_or_default(),
        }
    }

    /// Takes a kept draft; a text that is none changes nothing.
    fn take_draft(&mut self, text: &str) -> usize {
        let Ok(kept) = serde_json::from_str::<BTreeMap<String, String>>(text) else { return 0 };
        let before = self.changed();
        for (path, text) in &kept {
            if self.sheet.field(path).is_some_and(|field| field.kind != Kind::Secret) {
                self.sheet.set(path, text);
            }
        }
        self.sheet.follow_secret();
        self.changed().saturating_sub(before)
    }
}

impl State {
    /// Something was typed or chosen.
    pub(super) fn touched(&mut self, now: Timestamp) {
        self.unsaved_since.get_or_insert(now);
    }

    /// Keeps the draft once it is due, or at once.
    pub fn keep_draft(&mut self, at_once: bool, desk: &mut Desk) {
        let (now, Some(form)) = (desk.now(), &self.form) else { return };
        if self.unsaved_since.is_some_and(|since| at_once || now.duration_since(since) >= QUIET) {
            self.unsaved_since = None;
            desk.effect(Effect::KeepDraft { name: form.draft_name(), text: form.draft_text() });
        }
    }

    /// The form is closed: nothing is left to go on with.
    pub(super) fn close(&mut self, desk: &mut Desk) {
        self.unsaved_since = None;
        if let Some(form) = self.form.take() {
            desk.effect(Effect::KeepDraft { name: form.draft_name(), text: String::new() });
        }
    }

    /// An earlier console kept this.
    pub(super) fn found(&mut self, name: &str, text: &str, desk: &mut Desk) {
        let Some(form) = self.form.as_mut().filter(|form| form.draft_name() == name) else { return };
        let found = form.take_draft(text);
        if found > 0 {
            let said = format!(
                "back from an earlier day: {}, not saved yet; F8 sets a field back",
                counted(found as u64, "change")
            );
            desk.say(Style::Attention, said);
        }
    }
}
