//! `maildesk suppression`: addresses that are not written to.

use super::Session;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::output::time::relative;
use crate::output::{Column, Page, Span, Style, Table};
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
        /// Why, for those who wonder later
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// For how many days; without it, until it is removed
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
        days: Option<u32>,
    },
    /// Write to an address again
    Remove {
        /// The address
        address: String,
    },
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List => list(session).await,
        Verb::Add { address, reason, days } => {
            let added = session.client().await?.suppression_add(address, reason, days).await?;
            if session.output.json() {
                return session.output.answer("maildesk.suppression.add/1", &added, None);
            }
            told(&added.address.to_string(), "gets no more mail", session)
        }
        Verb::Remove { address } => {
            session.client().await?.suppression_remove(address.clone()).await?;
            if session.output.json() {
                let data = serde_json::json!({ "address": address });
                return session.output.answer("maildesk.suppression.remove/1", &data, None);
            }
            told(&address, "is written to again", session)
        }
    }
}

async fn list(session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let (mut rows, mut after): (Vec<Suppression>, Option<String>) = (Vec::new(), None);
    loop {
        let part = client.suppressions(after, MAX_ROWS).await?;
        rows.extend(part.rows);
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    if session.output.json() {
        return session.output.answer("maildesk.suppression.list/1", &rows, None);
    }
    let clock = session.output.clock().clone();
    let table = table(&rows, &clock);
    session.output.table(&table, "No address is suppressed.")
}

/// The list as people read it.
pub(crate) fn table(rows: &[Suppression], clock: &Clock) -> Table {
    let mut table =
        Table::new([Column::Text("Address"), Column::Word("Since"), Column::Word("Expires"), Column::Text("Reason")]);
    for row in rows {
        let expires = row.expires.map_or("never".into(), |at| relative(at, clock));
        let style = if row.holds(clock.now) { Style::Plain } else { Style::Dim };
        table.row(style, [row.address.to_string(), relative(row.since, clock), expires, row.reason.clone()]);
    }
    table
}

fn told(address: &str, what: &str, session: &mut Session<'_>) -> Result<(), Failure> {
    let mut page = Page::default();
    page.line([Span::strong(address), Span::plain(what)]);
    session.output.page(&page)
}
