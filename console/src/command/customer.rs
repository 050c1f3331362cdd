//! `maildesk customer`: organisations, known by their domains.

use super::Session;
use super::import::{self, Import, customer_rows};
use super::listing::{Listing, collect, mention_rest};
use crate::failure::Failure;
use crate::json::directory::Customer;
use crate::output::time::{both, relative};
use crate::output::{Column, Page, Span, Style, Table};
use clap::Subcommand;
use jiff::Timestamp;
use maildesk_core::ids::CustomerId;
use maildesk_core::rpc::CustomerRow;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Customers
    List {
        #[command(flatten)]
        listing: Listing,
    },
    /// One customer
    Show {
        /// Number of the customer, as `customer list` says
        id: u64,
    },
    /// Add and change customers from a CSV file with the columns name,domains
    Import(Import),
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List { listing } => list(&listing, session).await,
        Verb::Show { id } => show(CustomerId(id), session).await,
        Verb::Import(arguments) => {
            let rows = import::read(&arguments.file, customer_rows).await?;
            let client = session.client().await?;
            let send = async |batch| client.customers_import(batch, arguments.dry_run).await;
            let done = import::send_all(rows, arguments.dry_run, send).await?;
            import::show(&done, "customers", "maildesk.customer.import/1", session)
        }
    }
}

async fn list(listing: &Listing, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let rows = collect(listing, async |window| client.customers(window).await).await?;
    if session.output.json() {
        let customers: Vec<Customer> = rows.rows.into_iter().map(Customer::from).collect();
        return session.output.answer("maildesk.customer.list/1", &customers, rows.next);
    }
    let clock = session.output.clock().clone();
    let table = table(&rows.rows, &|at| relative(at, &clock));
    session.output.table(&table, "No customers yet: maildesk customer import FILE.csv")?;
    mention_rest(&rows);
    Ok(())
}

/// The list as people read it.
pub(crate) fn table(rows: &[CustomerRow], when: &dyn Fn(Timestamp) -> String) -> Table {
    let mut table =
        Table::new([Column::Number("Id"), Column::Text("Name"), Column::Text("Domains"), Column::Word("Since")]);
    for row in rows {
        let cells = [row.id.to_string(), row.name.clone(), row.domains.join(" "), when(row.created)];
        table.row(Style::Plain, cells);
    }
    table
}

async fn show(id: CustomerId, session: &mut Session<'_>) -> Result<(), Failure> {
    let row = session.client().await?.customer(id).await?;
    if session.output.json() {
        return session.output.answer("maildesk.customer.show/1", &Customer::from(row), None);
    }
    let clock = session.output.clock().clone();
    let mut page = Page::default();
    page.line([Span::strong(format!("customer {id}")), Span::strong(&row.name)]);
    page.fields([("domains", Some(row.domains.join(" "))), ("created", Some(both(row.created, &clock)))]);
    session.output.page(&page)
}
