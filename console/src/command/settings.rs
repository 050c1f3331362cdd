//! `maildesk settings`: the whole desk as one document.

use super::filter::{add_warnings, shadowed_words};
use super::{Finished, Session, input};
use crate::failure::Failure;
use crate::output::{Page, Span, Style};
use clap::{Args, Subcommand};
use maildesk_core::filter::shadowed;
use maildesk_core::ids::Revision;
use maildesk_core::rpc::{RpcError, SettingsDiff};
use maildesk_core::settings::{SettingChange, Settings, from_toml, to_toml};
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Print all settings as TOML; secrets stand as what they are called, never as what they are
    Export,
    /// What applying a document would change; exit code 6 where something would
    Diff {
        /// A TOML document, or - for standard input
        file: PathBuf,
    },
    /// Replace all settings with a document, whole or not at all
    Apply(Apply),
}

#[derive(Debug, Args)]
pub struct Apply {
    /// A TOML document, or - for standard input
    file: PathBuf,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    /// Refuse unless the settings still are at this revision
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
}

#[derive(Serialize)]
struct Changes {
    /// Of the settings as they now are.
    revision: Revision,
    applied: bool,
    changes: Vec<SettingChange>,
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<Finished, Failure> {
    match verb {
        Verb::Export => export(session).await,
        Verb::Diff { file } => {
            let document = read(&file).await?;
            let warnings = warnings(&document);
            let diff = session.client().await?.settings_diff(document).await?;
            let differs = !diff.changes.is_empty();
            show(diff, "maildesk.settings.diff/1", false, &warnings, session)?;
            Ok(if differs { Finished::WithFindings } else { Finished::Well })
        }
        Verb::Apply(apply) => self::apply(apply, session).await,
    }
}

async fn export(session: &mut Session<'_>) -> Result<Finished, Failure> {
    let view = session.client().await?.settings().await?;
    if session.output.json() {
        session.output.answer("maildesk.settings.export/1", &view, None)?;
        return Ok(Finished::Well);
    }
    let document = to_toml(&view.settings)
        .map_err(|error| Failure::Unreadable { what: "the settings".into(), source: std::io::Error::other(error) })?;
    let heading = format!("# maildesk settings, revision {}\n\n", view.revision);
    session.output.own_text(&heading)?;
    session.output.own_text(&maildesk_core::text::clean_block(&document))?;
    Ok(Finished::Well)
}

/// Reads and checks a document before anything is asked of the daemon, so that every problem is listed at once.
async fn read(file: &Path) -> Result<Settings, Failure> {
    let text = input::read_text(file).await?;
    from_toml(&text).map_err(|problems| Failure::Invalid { what: input::name(file), problems })
}

async fn apply(apply: Apply, session: &mut Session<'_>) -> Result<Finished, Failure> {
    let document = read(&apply.file).await?;
    let warnings = warnings(&document);
    let client = session.client().await?;
    let now = client.settings().await?.revision;
    let seen = apply.revision.map_or(now, Revision);
    if apply.dry_run {
        if seen != now {
            return Err(crate::client::ClientError::Refused(RpcError::Conflict { seen, now }).into());
        }
        let diff = client.settings_diff(document).await?;
        show(diff, "maildesk.settings.apply/1", false, &warnings, session)?;
    } else {
        let diff = client.settings_apply(document, seen).await?;
        show(diff, "maildesk.settings.apply/1", true, &warnings, session)?;
    }
    Ok(Finished::Well)
}

/// What is allowed and most likely not meant.
fn warnings(document: &Settings) -> Vec<String> {
    shadowed(&document.filter).iter().map(shadowed_words).collect()
}

fn show(
    diff: SettingsDiff,
    schema: &'static str,
    applied: bool,
    warnings: &[String],
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    if session.output.json() {
        let changes = Changes { revision: diff.revision, applied, changes: diff.changes };
        return session.output.answer_with(schema, &changes, None, warnings);
    }
    let mut page = Page::default();
    for change in &diff.changes {
        page.line(change_line(change));
    }
    let count = match diff.changes.len() {
        0 => "nothing changes".to_owned(),
        1 => "one field".to_owned(),
        fields => format!("{fields} fields"),
    };
    page.line([Span::dim(match (applied, diff.changes.is_empty()) {
        (true, false) => format!("{count} applied; the settings now are revision {}", diff.revision),
        (false, false) => format!("{count} would change; the settings are revision {}", diff.revision),
        (_, true) => format!("{count}; the settings are revision {}", diff.revision),
    })]);
    add_warnings(&mut page, warnings);
    session.output.page(&page)
}

fn change_line(change: &SettingChange) -> Vec<Span> {
    match (&change.old, &change.new) {
        (None, Some(new)) => vec![Span::new(Style::Good, format!("+ {}: {new}", change.field))],
        (Some(old), None) => vec![Span::new(Style::Bad, format!("- {}: {old}", change.field))],
        (old, new) => {
            let shown = |value: &Option<String>| value.clone().unwrap_or_default();
            vec![Span::new(Style::Attention, format!("~ {}: {} -> {}", change.field, shown(old), shown(new)))]
        }
    }
}
