//! `maildesk template`: the mails that maildesk writes of its own accord, and how they are changed.

mod change;
pub(crate) mod compare;
mod files;
pub(crate) mod list;
mod preview;

use super::{Session, editor, input};
use crate::failure::Failure;
use clap::{Args, Subcommand};
use maildesk_core::ids::Revision;
use maildesk_core::language::Language;
use maildesk_core::notification::{DocumentLines, Kind, Part, PartProblem, TemplateSource};
use maildesk_core::rpc::TemplateVersion;
use maildesk_core::settings::FieldProblem;
use std::path::Path;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Every kind in every language: whose text counts, drafts, what changed
    List,
    /// One version as a document
    Show {
        #[command(flatten)]
        which: Which,
        /// current, builtin, draft, or the number of a saved version
        #[arg(long = "version-of", value_name = "VERSION", default_value = "current", value_parser = version)]
        version: TemplateVersion,
    },
    /// Saved versions, the newest first
    History(Which),
    /// Change it in $VISUAL or $EDITOR, or take it from a document
    Edit(change::Edit),
    /// Look for problems and for what may be empty; ends with 5 where saving would be refused
    Check(change::Check),
    /// What it makes, with examples or with a real ticket
    Render(preview::Render),
    /// Two versions side by side
    Diff(compare::Diff),
    /// Save an earlier version again
    Revert {
        #[command(flatten)]
        which: Which,
        /// Number of the version
        revision: u64,
    },
    /// Let the built-in template count again; the history stays
    Reset(Which),
    /// Forget the draft; mails are made as before
    ForgetDraft(Which),
    /// What a kind can say: names, meanings, examples
    Variables {
        /// Kind of the template
        #[arg(value_parser = kind)]
        kind: Kind,
    },
    /// Write saved templates into a folder, one document each
    Export(files::Export),
    /// Save documents of a folder or single ones, all or none of those with problems
    Import(files::Import),
}

/// Which template.
#[derive(Debug, Clone, Copy, Args)]
pub struct Which {
    /// Kind of the template, such as ticket_acknowledgement
    #[arg(value_parser = kind)]
    kind: Kind,
    /// en, de, fr or es
    #[arg(long, default_value = "en", value_parser = language)]
    language: Language,
}

impl std::fmt::Display for Which {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.kind, self.language)
    }
}

fn kind(text: &str) -> Result<Kind, String> {
    let names = || Kind::ALL.map(Kind::name).join(", ");
    Kind::parse(text).ok_or_else(|| format!("kinds are {}", names()))
}

fn language(text: &str) -> Result<Language, String> {
    let tags = || Language::ALL.map(Language::tag).join(", ");
    Language::parse(text).ok_or_else(|| format!("languages are {}", tags()))
}

fn version(text: &str) -> Result<TemplateVersion, String> {
    match text {
        "current" => Ok(TemplateVersion::Current),
        "builtin" => Ok(TemplateVersion::Builtin),
        "draft" => Ok(TemplateVersion::Draft),
        number => match number.parse() {
            Ok(revision) => Ok(TemplateVersion::Saved(Revision(revision))),
            Err(_) => Err("use current, builtin, draft, or the number of a saved version".into()),
        },
    }
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List => list::list(session).await,
        Verb::Show { which, version } => list::show(which, version, session).await,
        Verb::History(which) => list::history(which, session).await,
        Verb::Edit(given) => change::edit(given, session).await,
        Verb::Check(given) => change::check(given, session).await,
        Verb::Render(given) => preview::render(given, session).await,
        Verb::Diff(given) => compare::diff(given, session).await,
        Verb::Revert { which, revision } => change::revert(which, Revision(revision), session).await,
        Verb::Reset(which) => change::reset(which, session).await,
        Verb::ForgetDraft(which) => change::forget_draft(which, session).await,
        Verb::Variables { kind } => list::variables_of(kind, session),
        Verb::Export(given) => files::export(given, session).await,
        Verb::Import(given) => files::import(given, session).await,
    }
}

/// Reads a document from a file or standard input.
async fn read(file: &Path) -> Result<(TemplateSource, DocumentLines), Failure> {
    parse(&input::name(file), &input::read_text(file).await?)
}

fn parse(what: &str, text: &str) -> Result<(TemplateSource, DocumentLines), Failure> {
    TemplateSource::from_document(text).map_err(|error| Failure::Invalid {
        what: what.to_owned(),
        problems: vec![FieldProblem {
            field: "the document".into(),
            problem: error.to_string(),
            remedy: "see what maildesk template show prints".into(),
        }],
    })
}

/// Problems as they are placed in the document.
fn refused(what: String, found: &[PartProblem], lines: DocumentLines) -> Failure {
    let problems = found.iter().map(|found| FieldProblem {
        field: place(found, lines),
        problem: found.problem.message.clone(),
        remedy: "maildesk template variables KIND lists what there is".into(),
    });
    Failure::Invalid { what, problems: problems.collect() }
}

/// `line 7, column 3`, counted in the whole document.
fn place(found: &PartProblem, lines: DocumentLines) -> String {
    match position(found, lines) {
        None => found.part.name().to_owned(),
        Some((line, column)) => format!("line {line}, column {column}"),
    }
}

/// Line and column from 1, counted in the whole document; nothing for what concerns a part as a whole.
pub(crate) fn position(found: &PartProblem, lines: DocumentLines) -> Option<(usize, usize)> {
    let (line, column) = match found.part {
        Part::Subject => (1, "Subject: ".len() + found.problem.column),
        Part::Html => (lines.html.unwrap_or_default() + found.problem.line, found.problem.column),
        Part::Text => (lines.text.unwrap_or_default() + found.problem.line, found.problem.column),
    };
    (found.problem.length > 0).then_some((line, column))
}
