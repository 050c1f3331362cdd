//! `maildesk block`: people whose mail is dropped.

use super::Session;
use super::limited::{self, Line, Why, every, told};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::output::Table;
use clap::Subcommand;
use maildesk_core::directory::Block;
use maildesk_core::rpc::MAX_ROWS;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// The block list with its reasons
    List,
    /// Drop the mail of an address or domain from now on
    Add {
        /// An address, a domain, or *.domain for all below it too
        who: String,
        #[command(flatten)]
        why: Why,
    },
    /// Take mail of an address or domain again
    Remove {
        /// As `block list` says
        who: String,
    },
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    match verb {
        Verb::List => {
            let fetch = async |after| client.blocks(after, MAX_ROWS).await.map(|part| (part.rows, part.next));
            let rows = every(fetch).await?;
            if session.output.json() {
                return session.output.answer("maildesk.block.list/1", &rows, None);
            }
            limited::table("Who", rows.iter().map(line), "Nobody is blocked.", session)
        }
        Verb::Add { who, why } => {
            let added = client.block_add(who, why.reason, why.days).await?;
            if session.output.json() {
                return session.output.answer("maildesk.block.add/1", &added, None);
            }
            told(&added.who.to_string(), "is blocked: mail from there is dropped", session)
        }
        Verb::Remove { who } => {
            client.block_remove(who.clone()).await?;
            if session.output.json() {
                return session.output.answer("maildesk.block.remove/1", &serde_json::json!({ "who": who }), None);
            }
            told(&who, "may write again", session)
        }
    }
}

fn line(row: &Block) -> Line {
    let Block { who, since, expires, reason, .. } = row;
    Line { who: who.to_string(), since: *since, expires: *expires, reason: reason.clone() }
}

/// The list as people read it.
pub(crate) fn table(rows: &[Block], clock: &Clock) -> Table {
    limited::lines_table("Who", rows.iter().map(line), clock)
}
