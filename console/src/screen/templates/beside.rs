//! What stands beside the text of a template: preview, variables, history, differences.

use super::opened::Opened;
use super::source::findings;
use crate::app::desk::Desk;
use crate::command::template::compare;
use crate::output::{Column, Page, Span, Style, Table, size};
use maildesk_core::rpc::{PreviewedMail, TemplateData};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Beside {
    #[default]
    HtmlAsText,
    TextPart,
    Html,
    Names,
    History,
    /// From the saved version to what is shown.
    FromSaved,
    /// From the built-in template to what is shown.
    FromBuiltin,
}

impl Beside {
    pub fn next_view(self) -> Self {
        match self {
            Self::HtmlAsText => Self::TextPart,
            Self::TextPart => Self::Html,
            _ => Self::HtmlAsText,
        }
    }

    pub fn is_preview(self) -> bool {
        matches!(self, Self::HtmlAsText | Self::TextPart | Self::Html)
    }

    /// The difference that is wanted next: from the saved one first, where there is one.
    pub fn next_diff(self, has_saved: bool) -> Self {
        match self {
            Self::FromSaved => Self::FromBuiltin,
            _ if has_saved => Self::FromSaved,
            _ => Self::FromBuiltin,
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::HtmlAsText => "Preview: HTML as text",
            Self::TextPart => "Preview: text part",
            Self::Html => "Preview: HTML source",
            Self::Names => "Variables",
            Self::History => "History",
            Self::FromSaved => "Saved → shown",
            Self::FromBuiltin => "Built-in → shown",
        }
    }
}

/// What the pane says on its right: what the template is filled with.
pub(super) fn filled_with(opened: &Opened) -> String {
    match (opened.beside.is_preview(), opened.data) {
        (false, _) => String::new(),
        (true, TemplateData::Sample) => "with examples".into(),
        (true, TemplateData::Ticket(number)) => format!("with ticket #{number}"),
    }
}

/// Bytes of the whole mail.
pub(super) fn weight(opened: &Opened) -> String {
    let mail = opened.preview.value.as_ref().and_then(|preview| preview.mail.as_ref());
    mail.filter(|_| opened.beside.is_preview()).map(|mail| size::bytes(mail.size)).unwrap_or_default()
}

/// The pane as a page; the history, which has a cursor, is a table of its own.
pub(super) fn page(opened: &Opened, desk: &Desk) -> Page {
    let shown = opened.shown.as_ref();
    match (opened.beside, &opened.view.value, shown) {
        (Beside::Names, ..) => names(opened),
        (Beside::History, Some(view), _) if view.history.is_empty() => {
            said("Nobody has saved this template: the built-in one counts.")
        }
        (Beside::History, Some(_), _) => {
            let mut page = Page::default();
            history(opened, desk).add_to(&mut page, None);
            page
        }
        (Beside::FromSaved, Some(view), Some(shown)) => match &view.saved {
            Some(saved) => compare::difference(&saved.to_document(), &shown.document),
            None => said("Nobody has saved this template."),
        },
        (Beside::FromBuiltin, Some(view), Some(shown)) => {
            compare::difference(&view.builtin.to_document(), &shown.document)
        }
        (Beside::History | Beside::FromSaved | Beside::FromBuiltin, ..) => said("asking for the template"),
        (beside, ..) => preview(beside, opened),
    }
}

fn said(words: &str) -> Page {
    let mut page = Page::default();
    page.line([Span::dim(words)]);
    page
}

fn preview(beside: Beside, opened: &Opened) -> Page {
    match (&opened.preview.value, &opened.preview.problem) {
        (_, Some(problem)) => {
            let mut page = Page::default();
            page.line([Span::new(Style::Bad, problem.line())]);
            page
        }
        (Some(preview), None) => match &preview.mail {
            Some(mail) => filled(beside, mail),
            None => {
                let mut page = Page::default();
                page.line([Span::new(Style::Bad, "It makes no mail while it has errors:")]);
                opened.shown.iter().for_each(|shown| findings(&mut page, shown));
                page
            }
        },
        (None, None) => said("filling it in"),
    }
}

fn filled(beside: Beside, mail: &PreviewedMail) -> Page {
    let text = match beside {
        Beside::TextPart => &mail.text,
        Beside::Html => &mail.html,
        _ => &mail.html_as_text,
    };
    let mut page = Page::default();
    page.line([Span::dim("Subject "), Span::strong(&mail.subject)]);
    page.empty_line();
    for line in text.trim_matches('\n').lines() {
        page.line([Span::exact(Style::Plain, line)]);
    }
    page
}

fn names(opened: &Opened) -> Page {
    let mut page = Page::default();
    for variable in maildesk_core::notification::variables(opened.kind) {
        let empty = if variable.may_be_empty { "may be empty" } else { "" };
        page.line([Span::strong(format!("${}", variable.name)), Span::new(Style::Attention, empty)]);
        page.indented(2, [Span::plain(variable.meaning)]);
        page.indented(2, [Span::dim("such as"), Span::dim(variable.example)]);
    }
    if page.lines().is_empty() {
        return said("This kind knows no variables.");
    }
    page
}

/// The saved versions, the newest first; it has a cursor.
pub(super) fn history(opened: &Opened, desk: &Desk) -> Table {
    let mut table =
        Table::new([Column::Number("Revision"), Column::Word("When"), Column::Name("By"), Column::Text("What")]);
    for stamp in opened.view.value.iter().flat_map(|view| &view.history) {
        let what = if stamp.reset { "the built-in one counts again" } else { "saved" };
        let cells = [stamp.revision.to_string(), desk.glance(stamp.at), stamp.by.clone(), what.to_owned()];
        table.row(Style::Plain, cells);
    }
    table
}
