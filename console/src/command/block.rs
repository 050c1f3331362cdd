//! `maildesk block`: people whose mail is dropped.

use super::Session;
use super::limited::{self, Line, Why, every, told};
use crate::failure::Failure;
use clap::Subcommand;
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
            let lines = rows.into_iter().map(|row| Line {
                who: row.who.to_string(),
                since: row.since,
                expires: row.expires,
                reason: row.reason,
            });
            limited::table("Who", lines, "Nobody is blocked.", session)
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
