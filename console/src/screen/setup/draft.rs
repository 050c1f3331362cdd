//! What was answered, kept for another day: everything but secrets.

use super::step::Step;
use super::wizard::Wizard;
use crate::screen::channels::{Kind, Sheet};
use maildesk_core::rpc::SettingsView;
use std::collections::BTreeMap;

/// Its name among the drafts.
pub(crate) const NAME: &str = "setup";

#[derive(serde::Serialize, serde::Deserialize)]
struct Kept {
    step: String,
    desk: BTreeMap<String, String>,
    inbound: BTreeMap<String, String>,
    start: BTreeMap<String, String>,
    outbound: BTreeMap<String, String>,
}

/// The answers as text.
pub(crate) fn text(wizard: &Wizard) -> String {
    let of = |form: &Option<crate::screen::channels::Form>| form.as_ref().map(|form| answers(&form.sheet));
    let kept = Kept {
        step: wizard.step.word().to_owned(),
        desk: answers(&wizard.desk),
        inbound: of(&wizard.inbound).unwrap_or_default(),
        start: answers(&wizard.start),
        outbound: of(&wizard.outbound).unwrap_or_default(),
    };
    serde_json::to_string(&kept).unwrap_or_default()
}

/// Goes on from kept answers; a text that is none changes nothing.
pub(crate) fn go_on(wizard: &mut Wizard, text: &str, view: &SettingsView) {
    let Ok(kept) = serde_json::from_str::<Kept>(text) else { return };
    fill(&mut wizard.desk, &kept.desk);
    fill(&mut wizard.start, &kept.start);
    wizard.begin_forms(view);
    if let Some(form) = &mut wizard.inbound {
        fill(&mut form.sheet, &kept.inbound);
    }
    if let Some(form) = &mut wizard.outbound {
        fill(&mut form.sheet, &kept.outbound);
    }
    wizard.follow_choices();
    let step = Step::of_word(&kept.step).unwrap_or(Step::Desk);
    wizard.step = match step {
        // What is needed for it was not answered, or is not saved after all.
        _ if wizard.inbound.is_none() => Step::Desk,
        Step::FirstMail if view.settings.mailbox.is_empty() => Step::Save,
        step => step,
    };
}

fn answers(sheet: &Sheet) -> BTreeMap<String, String> {
    let told = sheet.fields.iter().filter(|field| field.kind != Kind::Secret);
    told.map(|field| (field.path.to_owned(), field.text())).collect()
}

fn fill(sheet: &mut Sheet, answers: &BTreeMap<String, String>) {
    let known: Vec<(String, String)> = answers
        .iter()
        .filter(|(path, _)| sheet.field(path).is_some_and(|field| field.kind != Kind::Secret))
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    known.iter().for_each(|(path, text)| sheet.set(path, text));
}
