//! `maildesk contact`: people who write.

use super::Session;
use super::import::{self, Import, contact_rows};
use super::listing::{Listing, collect, mention_rest};
use crate::failure::Failure;
use crate::json::directory::Contact;
use crate::output::time::{both, relative};
use crate::output::{Column, Page, Span, Style, Table};
use clap::Subcommand;
use jiff::Timestamp;
use maildesk_core::ids::ContactId;
use maildesk_core::rpc::ContactRow;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Contacts
    List {
        #[command(flatten)]
        listing: Listing,
    },
    /// One contact
    Show {
        /// Number of the contact, as `contact list` says
        id: u64,
    },
    /// Add and change contacts from a CSV file with the columns name,addresses,customer
    Import(Import),
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List { listing } => list(&listing, session).await,
        Verb::Show { id } => show(ContactId(id), session).await,
        Verb::Import(arguments) => {
            let rows = import::read(&arguments.file, contact_rows).await?;
            let client = session.client().await?;
            let send = async |batch| client.contacts_import(batch, arguments.dry_run).await;
            let done = import::send_all(rows, arguments.dry_run, send).await?;
            import::show(&done, "contacts", "maildesk.contact.import/1", session)
        }
    }
}

async fn list(listing: &Listing, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let rows = collect(listing, async |window| client.contacts(window).await).await?;
    if session.output.json() {
        let contacts: Vec<Contact> = rows.rows.into_iter().map(Contact::from).collect();
        return session.output.answer("maildesk.contact.list/1", &contacts, rows.next);
    }
    let clock = session.output.clock().clone();
    let table = table(&rows.rows, &|at| relative(at, &clock));
    session.output.table(&table, "No contacts yet: they appear with their first mail, or by contact import.")?;
    mention_rest(&rows);
    Ok(())
}

/// The list as people read it.
pub(crate) fn table(rows: &[ContactRow], when: &dyn Fn(Timestamp) -> String) -> Table {
    let mut table = Table::new([
        Column::Number("Id"),
        Column::Text("Name"),
        Column::Text("Addresses"),
        Column::Text("Customer"),
        Column::Word("Since"),
    ]);
    for row in rows {
        let cells = [
            row.id.to_string(),
            row.name.clone().unwrap_or_else(|| "-".into()),
            row.addresses.join(" "),
            row.customer_name.clone().unwrap_or_else(|| "-".into()),
            when(row.created),
        ];
        table.row(Style::Plain, cells);
    }
    table
}

async fn show(id: ContactId, session: &mut Session<'_>) -> Result<(), Failure> {
    let row = session.client().await?.contact(id).await?;
    if session.output.json() {
        return session.output.answer("maildesk.contact.show/1", &Contact::from(row), None);
    }
    let clock = session.output.clock().clone();
    let mut page = Page::default();
    page.line([Span::strong(format!("contact {id}")), Span::strong(row.name.unwrap_or_default())]);
    let customer = row.customer.map(|id| format!("{} (customer {id})", row.customer_name.unwrap_or_default()));
    page.fields([
        ("addresses", Some(row.addresses.join(" "))),
        ("customer", customer),
        ("created", Some(both(row.created, &clock))),
    ]);
    session.output.page(&page)
}
