//! Rules for the usual noise: shown, and added to be changed at will.

use super::Session;
use super::change::{At, add_all};
use crate::failure::Failure;
use crate::output::{Page, Span, Style};
use clap::Subcommand;
use maildesk_core::filter::{PRESETS, Preset};
use serde::Serialize;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// What there is and what each does
    List,
    /// One of them as TOML
    Show {
        /// Name of the preset
        name: String,
    },
    /// Add one to the rules; it acts from then on
    Add {
        /// Name of the preset
        name: String,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Serialize)]
struct Shown {
    name: &'static str,
    about: &'static str,
    toml: &'static str,
}

impl From<&Preset> for Shown {
    fn from(preset: &Preset) -> Self {
        Self { name: preset.name, about: preset.about, toml: preset.text }
    }
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List => list(session),
        Verb::Show { name } => show(find(&name)?, session),
        Verb::Add { name, at } => {
            let preset = find(&name)?;
            let invalid = |problems| Failure::Invalid { what: format!("preset {name}"), problems };
            add_all(preset.filters().map_err(invalid)?, &at, session).await
        }
    }
}

fn find(name: &str) -> Result<&'static Preset, Failure> {
    maildesk_core::filter::preset(name).ok_or_else(|| Failure::NotFound {
        what: "preset",
        name: name.to_owned(),
        remedy: "maildesk filter preset list shows all".into(),
    })
}

fn list(session: &mut Session<'_>) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer("maildesk.filter.preset.list/1", &PRESETS.each_ref().map(Shown::from), None);
    }
    let mut page = Page::default();
    for preset in &PRESETS {
        page.line([Span::strong(preset.name)]);
        page.indented(2, [Span::plain(preset.about)]);
    }
    session.output.page(&page)
}

fn show(preset: &Preset, session: &mut Session<'_>) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer("maildesk.filter.preset.show/1", &Shown::from(preset), None);
    }
    let mut page = Page::default();
    page.line([Span::dim(format!("# {}", preset.about))]);
    for line in preset.text.lines() {
        page.line([Span::exact(Style::Plain, line)]);
    }
    session.output.page(&page)
}
