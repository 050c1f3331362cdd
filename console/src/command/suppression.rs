//! `maildesk suppression`: addresses that are not written to.

use super::Session;
use super::limited::{self, Line, Why, every, told};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::output::Table;
use clap::Subcommand;
use maildesk_core::rpc::{MAX_ROWS, Suppression};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Every suppressed address with its reason
    List,
    /// Write no more mail to an address
    Add {
        /// The address
        address: String,
        #[command(flatten)]
        why: Why,
    },
    /// Write to an address again
    Remove {
        /// The address
        address: String,
    },
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    match verb {
        Verb::List => {
            let fetch = async |after| client.suppressions(after, MAX_ROWS).await.map(|part| (part.rows, part.next));
            let rows = every(fetch).await?;
            if session.output.json() {
                return session.output.answer("maildesk.suppression.list/1", &rows, None);
            }
            limited::table("Address", rows.iter().map(line), "No address is suppressed.", session)
        }
        Verb::Add { address, why } => {
            let added = client.suppression_add(address, why.reason, why.days).await?;
            if session.output.json() {
                return session.output.answer("maildesk.suppression.add/1", &added, None);
            }
            told(&added.address.to_string(), "gets no more mail", session)
        }
        Verb::Remove { address } => {
            client.suppression_remove(address.clone()).await?;
            if session.output.json() {
                let data = serde_json::json!({ "address": address });
                return session.output.answer("maildesk.suppression.remove/1", &data, None);
            }
            told(&address, "is written to again", session)
        }
    }
}

fn line(row: &Suppression) -> Line {
    let Suppression { address, since, expires, reason, .. } = row;
    Line { who: address.to_string(), since: *since, expires: *expires, reason: reason.clone() }
}

/// The list as people read it.
pub(crate) fn table(rows: &[Suppression], clock: &Clock) -> Table {
    limited::lines_table("Address", rows.iter().map(line), clock)
}
