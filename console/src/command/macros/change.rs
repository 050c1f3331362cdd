//! Making, changing and removing macros, one by one or as documents.

use super::list::document;
use super::{Session, name, read};
use crate::command::filter::add_warnings;
use crate::command::input;
use crate::command::saving::NewFile;
use crate::command::ticket_change::PriorityWord;
use crate::failure::Failure;
use crate::json::macros::Changed;
use crate::output::{Page, Span};
use clap::{Args, ValueEnum};
use maildesk_core::ids::Revision;
use maildesk_core::macros::{Macro, MacroEntry, MacroName, MacroStatus, check};
use maildesk_core::rpc::{MacroChange, MacroChanged};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Set {
    /// Name of the macro
    #[arg(value_parser = name)]
    name: MacroName,
    /// The whole macro from a document with one [[macro]] of this name; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "reply", "reply_file", "note", "status", "tell", "priority", "tag", "untag", "assign", "clear",
    ])]
    file: Option<PathBuf>,
    /// Text of the answer, with $variables
    #[arg(long)]
    reply: Option<String>,
    /// A file with the text of the answer; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "reply")]
    reply_file: Option<PathBuf>,
    /// Text of a note that customers do not see, with $variables
    #[arg(long)]
    note: Option<String>,
    /// Where the ticket moves to
    #[arg(long)]
    status: Option<StatusWord>,
    /// With --status resolved: the customer gets the mail that says so
    #[arg(long)]
    tell: bool,
    /// How much the ticket matters
    #[arg(long)]
    priority: Option<PriorityWord>,
    /// A tag to add; may be given several times
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// A tag to take away; may be given several times
    #[arg(long, value_name = "TAG")]
    untag: Vec<String>,
    /// User name of an agent, me (who applies it), or nobody
    #[arg(long)]
    assign: Option<String>,
    /// What the macro no longer does; may be given several times
    #[arg(long, value_name = "FIELD")]
    clear: Vec<Field>,
    /// Change it only if it still is this revision; 0: only if there is none
    #[arg(long)]
    revision: Option<u64>,
    /// Check only
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StatusWord {
    Open,
    Pending,
    Resolved,
    Closed,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Reply,
    Note,
    Status,
    Priority,
    Tags,
    Assign,
}

#[derive(Debug, Args)]
pub struct Remove {
    /// Name of the macro
    #[arg(value_parser = name)]
    name: MacroName,
    /// Remove it only if it still is this revision
    #[arg(long)]
    revision: Option<u64>,
    /// Check only
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Export {
    /// Names of macros; all where none is given
    #[arg(value_parser = name)]
    names: Vec<MacroName>,
    /// A file in place of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
pub struct Import {
    /// The document; - for standard input
    file: PathBuf,
    /// Check only
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn set(given: Set, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let (name, dry_run) = (given.name.clone(), given.dry_run);
    let asked = given.revision.map(Revision);
    let (content, seen) = match &given.file {
        Some(file) => {
            let mut found = read(file).await?;
            let wanted = found.iter().position(|entry| entry.content.name == name);
            let Some(MacroEntry { revision, content }) = wanted.map(|at| found.swap_remove(at)) else {
                let what = "macro in the document";
                return Err(Failure::NotFound { what, name: name.to_string(), remedy: "name = \"...\"".into() });
            };
            (content, asked.or(revision))
        }
        None => {
            let known = client.all_macros().await?.into_iter().find(|saved| saved.content.name == name);
            let revision = known.as_ref().map_or(Revision(0), |saved| saved.revision);
            let before = known.map_or_else(|| Macro::new(name.clone()), |saved| saved.content);
            (changed(before, given).await?, Some(asked.unwrap_or(revision)))
        }
    };
    let warnings = warnings(&content);
    let change = MacroChange { name, to: Some(content), seen };
    let changed = client.macro_change(vec![change], dry_run).await?;
    told(changed, "maildesk.macro.set/1", dry_run, &warnings, session)
}

/// The macro with what the flags say.
async fn changed(before: Macro, given: Set) -> Result<Macro, Failure> {
    let mut after = before;
    for field in given.clear {
        match field {
            Field::Reply => after.reply = None,
            Field::Note => after.note = None,
            Field::Status => (after.status, after.tell) = (None, false),
            Field::Priority => after.priority = None,
            Field::Tags => (after.add_tags, after.remove_tags) = (Vec::new(), Vec::new()),
            Field::Assign => after.assign = None,
        }
    }
    let reply = match given.reply_file {
        Some(file) => Some(input::read_text(&file).await?),
        None => given.reply,
    };
    after.reply = reply.or(after.reply);
    after.note = given.note.or(after.note);
    if let Some(status) = given.status {
        after.status = Some(match status {
            StatusWord::Open => MacroStatus::Open,
            StatusWord::Pending => MacroStatus::Pending,
            StatusWord::Resolved => MacroStatus::Resolved,
            StatusWord::Closed => MacroStatus::Closed,
        });
        after.tell = false;
    }
    after.tell |= given.tell;
    after.priority = given.priority.map(Into::into).or(after.priority);
    for tag in given.tag {
        after.remove_tags.retain(|known| *known != tag);
        if !after.add_tags.contains(&tag) {
            after.add_tags.push(tag);
        }
    }
    for tag in given.untag {
        after.add_tags.retain(|known| *known != tag);
        if !after.remove_tags.contains(&tag) {
            after.remove_tags.push(tag);
        }
    }
    after.assign = given.assign.or(after.assign);
    Ok(after)
}

pub(super) async fn remove(given: Remove, session: &mut Session<'_>) -> Result<(), Failure> {
    let change = MacroChange { name: given.name, to: None, seen: given.revision.map(Revision) };
    let changed = session.client().await?.macro_change(vec![change], given.dry_run).await?;
    told(changed, "maildesk.macro.remove/1", given.dry_run, &[], session)
}

pub(super) async fn export(given: Export, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let mut entries = Vec::new();
    let all = client.all_macros().await?;
    for name in &given.names {
        if all.iter().all(|saved| saved.content.name != *name) {
            let remedy = "maildesk macro list".into();
            return Err(Failure::NotFound { what: "macro", name: name.to_string(), remedy });
        }
    }
    for saved in all {
        if given.names.is_empty() || given.names.contains(&saved.content.name) {
            entries.push(MacroEntry { revision: Some(saved.revision), content: saved.content });
        }
    }
    let text = document(&entries)?;
    match given.output {
        None => session.output.bytes(text.as_bytes()),
        Some(place) => {
            let mut file = NewFile::begin(&place, given.force)?;
            file.write(text.as_bytes())?;
            file.keep()
        }
    }
}

pub(super) async fn import(given: Import, session: &mut Session<'_>) -> Result<(), Failure> {
    let entries = read(&given.file).await?;
    let warnings: Vec<String> = entries.iter().flat_map(|entry| warnings(&entry.content)).collect();
    let change = |MacroEntry { revision, content }: MacroEntry| MacroChange {
        name: content.name.clone(),
        to: Some(content),
        seen: revision,
    };
    let changes = entries.into_iter().map(change).collect();
    let changed = session.client().await?.macro_change(changes, given.dry_run).await?;
    told(changed, "maildesk.macro.import/1", given.dry_run, &warnings, session)
}

/// What may be empty where it is printed.
fn warnings(content: &Macro) -> Vec<String> {
    check(content).map_or_else(|_| Vec::new(), |made| made.warnings(&content.name))
}

fn told(
    changed: Vec<MacroChanged>,
    schema: &'static str,
    dry_run: bool,
    warnings: &[String],
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer_with(schema, &Changed { dry_run, macros: changed }, None, warnings);
    }
    let mut page = Page::default();
    for MacroChanged { name, what, revision } in changed {
        let would = if dry_run { "would be " } else { "" };
        page.line([
            Span::strong(name.to_string()),
            Span::plain(format!("{would}{}", what.word())),
            Span::dim(format!("revision {revision}")),
        ]);
    }
    add_warnings(&mut page, warnings);
    session.output.page(&page)
}
