//! Templates as documents in a folder: `KIND.LANGUAGE.template`.

use super::change::{said, save};
use super::{Which, parse, refused};
use crate::command::saving::NewFile;
use crate::command::{Session, input};
use crate::failure::Failure;
use clap::Args;
use maildesk_core::language::Language;
use maildesk_core::notification::{Kind, check};
use maildesk_core::rpc::TemplateVersion;
use std::fs;
use std::path::{Path, PathBuf};

const SUFFIX: &str = ".template";

#[derive(Debug, Args)]
pub struct Export {
    /// A folder that exists
    folder: PathBuf,
    /// Also the built-in ones
    #[arg(long)]
    all: bool,
    /// Replace documents that are there
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
pub struct Import {
    /// Documents, or folders with some
    #[arg(required = true)]
    from: Vec<PathBuf>,
    /// Check only
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn export(given: Export, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let mut written = 0;
    for row in client.templates().await?.iter().filter(|row| given.all || row.is_own()) {
        let source = client.template_source(row.kind, row.language, TemplateVersion::Current).await?;
        let place = given.folder.join(format!("{}.{}{SUFFIX}", row.kind, row.language));
        let mut file = NewFile::begin(&place, given.force)?;
        file.write(source.to_document().as_bytes())?;
        file.keep()?;
        written += 1;
    }
    said(&format!("{written} templates are in {}", given.folder.display()), session)
}

/// Reads and checks everything before the first is saved.
pub(super) async fn import(given: Import, session: &mut Session<'_>) -> Result<(), Failure> {
    let mut found = Vec::new();
    for place in &given.from {
        for file in documents(place)? {
            let which = named(&file)?;
            let (source, lines) = parse(&file.display().to_string(), &input::read_text(&file).await?)?;
            let problems = check(which.kind, &source).problems;
            if !problems.is_empty() {
                return Err(refused(file.display().to_string(), &problems, lines));
            }
            found.push((which, source));
        }
    }
    if given.dry_run {
        return said(&format!("{} templates have no problems", found.len()), session);
    }
    let client = session.client().await?;
    let (mut saved, mut same) = (0, 0);
    for (which, source) in found {
        let now = client.template_source(which.kind, which.language, TemplateVersion::Current).await?;
        if now == source {
            same += 1;
        } else {
            save(&client, which, source).await?;
            saved += 1;
        }
    }
    said(&format!("{saved} templates are saved, {same} were the same already"), session)
}

/// The file, or the documents of a folder in the order of their names.
fn documents(place: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !place.is_dir() {
        return Ok(vec![place.to_owned()]);
    }
    let unreadable = |source| Failure::Unreadable { what: place.display().to_string(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(place).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.to_string_lossy().ends_with(SUFFIX) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What a document is, by its name.
fn named(file: &Path) -> Result<Which, Failure> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let parts = name.strip_suffix(SUFFIX).and_then(|stem| stem.split_once('.'));
    let which = parts.and_then(|(kind, language)| {
        Some(Which { kind: Kind::parse(kind)?, language: Language::ALL.into_iter().find(|one| one.tag() == language)? })
    });
    which.ok_or_else(|| {
        Failure::Usage(format!("{}: a document is named such as ticket_resolved.de{SUFFIX}", file.display()))
    })
}
