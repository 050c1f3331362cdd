//! `maildesk token`: the keys that sign reply tokens.

use super::Session;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::output::time::relative;
use crate::output::{Column, Page, Span, Style, Table};
use clap::Subcommand;
use maildesk_core::rpc::TokenKeyRow;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// How old the keys are; the keys themselves are never shown
    List,
    /// Make a new key that signs from now on; answers to earlier mails are still known by the keys before it
    Rotate,
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let (keys, schema) = match verb {
        Verb::List => (client.token_keys().await?, "maildesk.token.list/1"),
        Verb::Rotate => (client.token_rotate().await?, "maildesk.token.rotate/1"),
    };
    if session.output.json() {
        return session.output.answer(schema, &keys, None);
    }
    if let Verb::Rotate = verb {
        let mut page = Page::default();
        page.line([Span::plain(format!("a new key signs; {} before it still verify", keys.len().saturating_sub(1)))]);
        return session.output.page(&page);
    }
    let table = table(&keys, session.output.clock());
    session.output.table(&table, "There is no key.")
}

/// The list as people read it.
pub(crate) fn table(keys: &[TokenKeyRow], clock: &Clock) -> Table {
    let mut table = Table::new([Column::Word("Key"), Column::Word("Made"), Column::Word("Replaced")]);
    for TokenKeyRow { made, replaced } in keys {
        let made = made.map_or("with the store".into(), |at| relative(at, clock));
        let (state, style) = if replaced.is_none() { ("signs", Style::Plain) } else { ("verifies", Style::Dim) };
        let replaced = replaced.map_or("-".into(), |at| relative(at, clock));
        table.row(style, [state.to_owned(), made, replaced]);
    }
    table
}
