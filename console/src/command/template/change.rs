//! Changing a template: edit, check, revert, reset. What has problems is kept as a draft and never saved.

use super::{Which, editor, parse, place, read, refused};
use crate::client::Client;
use crate::command::Session;
use crate::failure::Failure;
use crate::output::{Page, Span, Style};
use clap::Args;
use maildesk_core::ids::Revision;
use maildesk_core::notification::{CheckedSource, DocumentLines, TemplateSource, check as check_source};
use maildesk_core::rpc::{TemplateRow, TemplateVersion, TemplateView};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Edit {
    #[command(flatten)]
    which: Which,
    /// A document, or - for standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Keep it as a draft; mails are made as before
    #[arg(long)]
    draft: bool,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    which: Which,
    /// A document, or - for standard input; without it the template that counts
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

pub(super) async fn edit(given: Edit, session: &mut Session<'_>) -> Result<(), Failure> {
    let Edit { which, file, draft } = given;
    let client = session.client().await?;
    let view = client.template(which.kind, which.language).await?;
    let seen = view.row.revision();
    let (source, lines) = match &file {
        Some(file) => read(file).await?,
        None => match in_editor(which, view).await? {
            Some(edited) => edited,
            None => return said("nothing was changed", session),
        },
    };
    let checked = check_source(which.kind, &source);
    if draft || !checked.problems.is_empty() {
        client.template_draft(which.kind, which.language, Some(source)).await?;
        if draft {
            return said(&format!("the draft of {which} is kept"), session);
        }
        return Err(refused(format!("the template {which} is kept as a draft, it"), &checked.problems, lines));
    }
    let row = client.template_save(which.kind, which.language, Some(source), seen).await?;
    saved(which, &row, &checked, lines, session)
}

/// The draft, or what is saved, or the built-in one, in the editor.
async fn in_editor(which: Which, view: TemplateView) -> Result<Option<(TemplateSource, DocumentLines)>, Failure> {
    let begun = view.draft.or(view.saved).unwrap_or(view.builtin).to_document();
    let name = format!("{}-{}", which.kind, which.language);
    let Some(edited) = editor::edit(&name, "template.html", begun).await? else { return Ok(None) };
    let read = parse(&edited.file.display().to_string(), &edited.text)?;
    edited.done();
    Ok(Some(read))
}

pub(super) async fn check(given: Check, session: &mut Session<'_>) -> Result<(), Failure> {
    let Check { which, file } = given;
    let (source, lines) = match &file {
        Some(file) => read(file).await?,
        None => {
            let client = session.client().await?;
            let source = client.template_source(which.kind, which.language, TemplateVersion::Current).await?;
            parse("the template", &source.to_document())?
        }
    };
    let checked = check_source(which.kind, &source);
    if !checked.problems.is_empty() {
        return Err(refused(format!("the template {which}"), &checked.problems, lines));
    }
    let words = warnings(&checked, lines);
    if session.output.json() {
        return session.output.answer_with("maildesk.template.check/1", &checked, None, &words);
    }
    page_with(&format!("{which} has no problems"), &words, session)
}

pub(super) async fn revert(which: Which, revision: Revision, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let seen = client.template(which.kind, which.language).await?.row.revision();
    let source = client.template_source(which.kind, which.language, TemplateVersion::Saved(revision)).await?;
    let row = client.template_save(which.kind, which.language, Some(source), seen).await?;
    saved(which, &row, &CheckedSource::default(), DocumentLines::default(), session)
}

pub(super) async fn reset(which: Which, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let row = client.template(which.kind, which.language).await?.row;
    if row.saved.as_ref().is_none_or(|stamp| stamp.reset) {
        return said(&format!("{which} is the built-in template already"), session);
    }
    let row = client.template_save(which.kind, which.language, None, row.revision()).await?;
    if session.output.json() {
        return session.output.answer("maildesk.template.reset/1", &row, None);
    }
    said(&format!("{which}: the built-in template counts again"), session)
}

pub(super) async fn forget_draft(which: Which, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    if client.template(which.kind, which.language).await?.draft.is_none() {
        return said(&format!("{which} has no draft"), session);
    }
    client.template_draft(which.kind, which.language, None).await?;
    said(&format!("the draft of {which} is forgotten"), session)
}

/// Saves a document that was checked; for imports.
pub(super) async fn save(client: &Client, which: Which, source: TemplateSource) -> Result<TemplateRow, Failure> {
    let seen = client.template(which.kind, which.language).await?.row.revision();
    Ok(client.template_save(which.kind, which.language, Some(source), seen).await?)
}

fn saved(
    which: Which,
    row: &TemplateRow,
    checked: &CheckedSource,
    lines: DocumentLines,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let words = warnings(checked, lines);
    if session.output.json() {
        return session.output.answer_with("maildesk.template.save/1", row, None, &words);
    }
    page_with(&format!("{which} is saved as revision {}; mails are made by it now", row.revision()), &words, session)
}

pub(super) fn warnings(checked: &CheckedSource, lines: DocumentLines) -> Vec<String> {
    checked.warnings.iter().map(|found| format!("{}: {}", place(found, lines), found.problem.message)).collect()
}

pub(super) fn said(words: &str, session: &mut Session<'_>) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer("maildesk.template.said/1", &words, None);
    }
    page_with(words, &[], session)
}

fn page_with(words: &str, warnings: &[String], session: &mut Session<'_>) -> Result<(), Failure> {
    let mut page = Page::default();
    page.line([Span::plain(words)]);
    for warning in warnings {
        page.line([Span::new(Style::Attention, format!("! {warning}"))]);
    }
    session.output.page(&page)
}
