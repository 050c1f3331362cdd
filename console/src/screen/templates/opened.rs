//! One template as it is worked on: its versions, the text that is shown, what was found in it.

use super::beside::Beside;
use crate::app::cursor::{Cursor, Scroll};
use crate::app::desk::Desk;
use crate::app::kept::Kept;
use crate::app::message::Effect;
use crate::app::place::Place;
use crate::app::request::Request;
use maildesk_core::language::Language;
use maildesk_core::notification::{CheckedSource, DocumentLines, Kind, TemplateSource, check};
use maildesk_core::rpc::{TemplateData, TemplatePreview, TemplateVersion, TemplateView};

/// The text that is shown, and what was found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub source: TemplateSource,
    pub document: String,
    pub lines: DocumentLines,
    pub checked: CheckedSource,
}

impl Shown {
    fn new(kind: Kind, source: TemplateSource) -> Self {
        let document = source.to_document();
        let lines = TemplateSource::from_document(&document).map(|(_, lines)| lines).unwrap_or_default();
        let checked = check(kind, &source);
        Self { source, document, lines, checked }
    }
}

#[derive(Debug)]
pub struct Opened {
    pub kind: Kind,
    pub language: Language,
    pub view: Kept<TemplateView>,
    pub preview: Kept<TemplatePreview>,
    pub shown: Option<Shown>,
    /// What came back from the editor and is not kept by the daemon yet.
    pub edited: Option<TemplateSource>,
    /// A text that is no template: nothing typed is lost.
    pub refused: Option<String>,
    pub beside: Beside,
    pub data: TemplateData,
    /// Whether the right or lower pane has the focus.
    pub reading: bool,
    pub source_scroll: Scroll,
    pub beside_scroll: Scroll,
    pub history: Cursor,
}

impl Opened {
    pub fn new(kind: Kind, language: Language) -> Self {
        let mut view = Kept::default();
        view.asking.now();
        Self {
            kind,
            language,
            view,
            preview: Kept::default(),
            shown: None,
            edited: None,
            refused: None,
            beside: Beside::default(),
            data: TemplateData::Sample,
            reading: false,
            source_scroll: Scroll::default(),
            beside_scroll: Scroll::default(),
            history: Cursor::default(),
        }
    }

    /// Under which a text is kept on this machine until the daemon has it.
    pub fn draft_name(&self) -> String {
        format!("template-{}-{}", self.kind, self.language)
    }

    /// What is worked on: unsent, then draft, then saved, then built-in.
    fn source(&self) -> Option<&TemplateSource> {
        let view = self.view.value.as_ref();
        let kept = view.map(|view| view.draft.as_ref().or(view.saved.as_ref()).unwrap_or(&view.builtin));
        self.edited.as_ref().or(kept)
    }

    /// Whether there is something to save.
    pub fn has_draft(&self) -> bool {
        self.edited.is_some() || self.view.value.as_ref().is_some_and(|view| view.draft.is_some())
    }

    /// Looks at the text anew where it is another.
    pub fn settle(&mut self) {
        let Some(source) = self.source() else { return };
        if self.shown.as_ref().is_none_or(|shown| shown.source != *source) {
            self.shown = Some(Shown::new(self.kind, source.clone()));
            self.preview.asking.now();
        }
    }

    /// Asks for what is due.
    pub fn refresh(&mut self, desk: &mut Desk) {
        let now = desk.now();
        let (kind, language) = (self.kind, self.language);
        if self.view.asking.is_due(now) {
            desk.ask(Place::Templates, Request::Template(kind, language));
        }
        if let Some(shown) = &self.shown
            && self.preview.asking.is_due(now)
        {
            let version = TemplateVersion::Given(shown.source.clone());
            let data = self.data;
            desk.ask(Place::Templates, Request::RenderTemplate { kind, language, version, data });
        }
    }

    /// A text came back from the editor: it is kept as a draft. False where it is no template.
    pub fn take(&mut self, text: String, desk: &mut Desk) -> Result<(), String> {
        match TemplateSource::from_document(&text) {
            Ok((source, _)) if self.source() == Some(&source) => {
                self.refused = None;
                desk.say(crate::output::Style::Dim, "nothing was changed");
            }
            Ok((source, _)) => {
                self.refused = None;
                desk.effect(Effect::KeepDraft { name: self.draft_name(), text });
                self.edited = Some(source);
                self.keep(desk);
                self.settle();
            }
            Err(error) => {
                desk.effect(Effect::KeepDraft { name: self.draft_name(), text: text.clone() });
                self.refused = Some(text);
                return Err(error.to_string());
            }
        }
        Ok(())
    }

    /// Gives what was edited to the daemon as a draft.
    pub fn keep(&self, desk: &mut Desk) {
        if let Some(source) = &self.edited {
            let request = Request::TemplateDraft(self.kind, self.language, Some(Box::new(source.clone())));
            desk.ask(Place::Templates, request);
        }
    }

    /// What an earlier console could not give to the daemon.
    pub fn found(&mut self, text: String) {
        if self.edited.is_some() || self.refused.is_some() {
            return;
        }
        match TemplateSource::from_document(&text) {
            Ok((source, _)) => self.edited = Some(source),
            Err(_) => self.refused = Some(text),
        }
        self.settle();
    }

    /// To the editor: what did not read, or what is shown.
    pub fn text(&self) -> Option<String> {
        self.refused.clone().or_else(|| Some(self.shown.as_ref()?.document.clone()))
    }
}
