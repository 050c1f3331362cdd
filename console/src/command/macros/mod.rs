//! `maildesk macro`: named answers with what is done beside them.

mod apply;
mod change;
mod list;

pub(crate) use apply::{done_page, what_stays};

use super::{Session, input};
use crate::failure::Failure;
use clap::Subcommand;
use maildesk_core::macros::{MacroEntry, MacroName, from_toml};
use std::path::Path;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// All macros and what they do
    List,
    /// One macro as it is written
    Show {
        /// Name of the macro
        #[arg(value_parser = name)]
        name: MacroName,
    },
    /// Make a macro or change one: by these flags, or whole from a document
    Set(Box<change::Set>),
    /// Take it away
    Remove(change::Remove),
    /// All macros, or some, as one document
    Export(change::Export),
    /// Save the macros of a document, all or none; what is not in it stays
    Import(change::Import),
    /// What its texts can say: names, meanings, examples
    Variables,
    /// What it would send and change; ends with 6 where it could not be done
    Preview(apply::Chosen),
    /// Do it to each of these tickets, wholly or not at all; ends with 5 where it could not be done
    Apply(apply::Apply),
}

pub(super) fn name(text: &str) -> Result<MacroName, String> {
    MacroName::parse(text).map_err(|problem| format!("a macro's name {problem}"))
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<super::Finished, Failure> {
    match verb {
        Verb::List => list::list(session).await?,
        Verb::Show { name } => list::show(name, session).await?,
        Verb::Set(given) => change::set(*given, session).await?,
        Verb::Remove(given) => change::remove(given, session).await?,
        Verb::Export(given) => change::export(given, session).await?,
        Verb::Import(given) => change::import(given, session).await?,
        Verb::Variables => list::variables(session)?,
        Verb::Preview(given) => return apply::preview(given, session).await,
        Verb::Apply(given) => return apply::apply(given, session).await,
    }
    Ok(super::Finished::Well)
}

/// Reads and checks a document.
async fn read(file: &Path) -> Result<Vec<MacroEntry>, Failure> {
    let text = input::read_text(file).await?;
    from_toml(&text).map_err(|problems| Failure::Invalid { what: input::name(file), problems })
}
