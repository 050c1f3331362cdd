//! `maildesk customer`: organisations, known by their domains.

use super::Session;
use super::directory::{self, ExportTo, Record};
use super::import::{Import, Parsed, customer_rows};
use super::listing::Listing;
use crate::client::{Client, ClientError};
use crate::failure::Failure;
use crate::json::directory::Customer;
use crate::output::Column;
use clap::Subcommand;
use maildesk_core::ids::CustomerId;
use maildesk_core::rpc::{CustomerAction, CustomerImport, CustomerRow, Imported, Rows, Window};

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
    /// Give a customer another name
    Rename {
        /// Number of the customer
        id: u64,
        /// The new name
        name: String,
    },
    /// Give a customer one more domain
    AddDomain {
        /// Number of the customer
        id: u64,
        /// A domain; *.acme.example is all below it too
        domain: String,
    },
    /// Take a domain from a customer
    RemoveDomain {
        /// Number of the customer
        id: u64,
        /// The domain as customer show has it
        domain: String,
    },
    /// Add and change customers from a CSV file with the columns name,domains; *.acme.example is all below it too
    Import(Import),
    /// Every customer as CSV that an import reads back
    Export(ExportTo),
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List { listing } => directory::list::<CustomerRow>(&listing, session).await,
        Verb::Show { id } => {
            let customer = session.client().await?.customer(CustomerId(id)).await?;
            directory::show(customer, CustomerRow::SCHEMAS[1], session)
        }
        Verb::Rename { id, name } => {
            act(id, CustomerAction::Rename { name }, "maildesk.customer.rename/1", session).await
        }
        Verb::AddDomain { id, domain } => {
            act(id, CustomerAction::AddDomain { domain }, "maildesk.customer.add-domain/1", session).await
        }
        Verb::RemoveDomain { id, domain } => {
            act(id, CustomerAction::RemoveDomain { domain }, "maildesk.customer.remove-domain/1", session).await
        }
        Verb::Import(arguments) => directory::import::<CustomerRow>(&arguments, session).await,
        Verb::Export(to) => directory::export::<CustomerRow>(&to, session).await,
    }
}

async fn act(id: u64, action: CustomerAction, schema: &'static str, session: &mut Session<'_>) -> Result<(), Failure> {
    let customer = session.client().await?.customer_act(CustomerId(id), action).await?;
    directory::show(customer, schema, session)
}

impl Record for CustomerRow {
    type Json = Customer;
    type Import = CustomerImport;

    const PLURAL: &'static str = "customers";
    const SCHEMAS: [&'static str; 4] = [
        "maildesk.customer.list/1",
        "maildesk.customer.show/1",
        "maildesk.customer.import/1",
        "maildesk.customer.export/1",
    ];
    const NONE_YET: &'static str = "No customers yet: maildesk customer import FILE.csv";
    const CSV: &'static [&'static str] = &["name", "domains"];

    async fn window(client: &Client, window: Window) -> Result<Rows<Self>, ClientError> {
        client.customers(window).await
    }

    async fn send(client: &Client, rows: Vec<CustomerImport>, dry_run: bool) -> Result<Imported, ClientError> {
        client.customers_import(rows, dry_run).await
    }

    fn read_csv(text: &str) -> Parsed<CustomerImport> {
        customer_rows(text)
    }

    fn columns() -> Vec<Column> {
        vec![Column::Text("Name"), Column::Text("Domains")]
    }

    fn cells(&self) -> Vec<String> {
        self.csv()
    }

    fn csv(&self) -> Vec<String> {
        vec![self.name.clone(), self.domains.join(" ")]
    }

    fn title(&self) -> [String; 2] {
        [format!("customer {}", self.id), self.name.clone()]
    }

    fn fields(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("domains", Some(self.domains.join(" ")))]
    }

    fn number(&self) -> u64 {
        self.id.0
    }

    fn created(&self) -> jiff::Timestamp {
        self.created
    }
}
