//! `maildesk audit`: who changed what.

use super::Session;
use super::listing::{Listing, collect, mention_rest};
use crate::failure::Failure;
use crate::output::time::relative;
use crate::output::{Column, Style, Table};
use clap::Subcommand;
use jiff::Timestamp;
use maildesk_core::rpc::AuditLine;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Every change that a person asked for, the newest first
    List {
        #[command(flatten)]
        listing: Listing,
    },
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    let Verb::List { listing } = verb;
    let client = session.client().await?;
    let rows = collect(&listing, async |window| client.audit(window).await).await?;
    if session.output.json() {
        return session.output.answer("maildesk.audit.list/1", &rows.rows, rows.next);
    }
    let clock = session.output.clock().clone();
    let table = table(&rows.rows, &|at| relative(at, &clock));
    session.output.table(&table, "Nobody has changed anything yet.")?;
    mention_rest(&rows);
    Ok(())
}

/// The list as people read it; `when` says how its times are told.
pub(crate) fn table(rows: &[AuditLine], when: &dyn Fn(Timestamp) -> String) -> Table {
    let mut table = Table::new([Column::Number("No"), Column::Word("When"), Column::Word("Who"), Column::Text("Did")]);
    for row in rows {
        table.row(Style::Plain, [row.seq.to_string(), when(row.at), row.user.clone(), row.what.clone()]);
    }
    table
}
