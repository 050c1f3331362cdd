//! `maildesk filter`: rules over inbound mail, and trying them before they count.

mod change;
pub(crate) mod list;
mod preset;
pub(crate) mod trial;

pub(in crate::command) use list::{add_warnings, shadowed_words};

use super::{Session, editor, filter_name, input};
use crate::failure::Failure;
use clap::Subcommand;
use maildesk_core::filter::Filter;
use maildesk_core::settings::{FilterName, filters_from_toml};
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Every rule in the order in which they run: when it matches, what it does, how often it did
    List,
    /// One rule as TOML, with its count
    Show {
        /// Name of the filter
        #[arg(value_parser = filter_name)]
        name: FilterName,
    },
    /// Add rules from a document of [[filter]] sections
    Add(change::Add),
    /// Change one rule in $VISUAL or $EDITOR, or take it from a file
    Edit {
        /// Name of the filter
        #[arg(value_parser = filter_name)]
        name: FilterName,
        /// A document with one [[filter]], or - for standard input
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Remove rules, with their counts
    Remove {
        /// Names of the filters
        #[arg(required = true, value_parser = filter_name)]
        names: Vec<FilterName>,
    },
    /// Let a rule run earlier or later
    Move(change::Move),
    /// Let rules act
    Enable {
        /// Names of the filters
        #[arg(required = true, value_parser = filter_name)]
        names: Vec<FilterName>,
    },
    /// Let rules rest
    Disable {
        /// Names of the filters
        #[arg(required = true, value_parser = filter_name)]
        names: Vec<FilterName>,
    },
    /// What would become of one mail, with the trace; writes nothing
    Try(trial::Try),
    /// What would have become of the last mails under the saved rules, or under others; writes nothing
    DryRun(trial::DryRun),
    /// Rules for the usual noise
    #[command(subcommand)]
    Preset(preset::Verb),
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List => list::list(session).await,
        Verb::Show { name } => list::show(&name, session).await,
        Verb::Add(add) => change::add(add, session).await,
        Verb::Edit { name, file } => change::edit(&name, file.as_deref(), session).await,
        Verb::Remove { names } => change::remove(&names, session).await,
        Verb::Move(moved) => change::move_to(moved, session).await,
        Verb::Enable { names } => change::enable(&names, true, session).await,
        Verb::Disable { names } => change::enable(&names, false, session).await,
        Verb::Try(one) => trial::try_one(one, session).await,
        Verb::DryRun(run) => Box::pin(trial::dry_run(run, session)).await,
        Verb::Preset(verb) => preset::run(verb, session).await,
    }
}

/// Reads and checks the rules of a document.
async fn read(file: &Path) -> Result<Vec<Filter>, Failure> {
    let text = input::read_text(file).await?;
    filters_from_toml(&text).map_err(|problems| Failure::Invalid { what: input::name(file), problems })
}

fn not_there(name: &FilterName) -> Failure {
    let remedy = "maildesk filter list shows all".into();
    Failure::NotFound { what: "filter", name: name.to_string(), remedy }
}
