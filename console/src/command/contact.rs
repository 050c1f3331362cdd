//! `maildesk contact`: people who write.

use super::Session;
use super::directory::{self, ExportTo, Record};
use super::import::{Import, contact_rows};
use super::listing::Listing;
use crate::client::{Client, ClientError};
use crate::failure::Failure;
use crate::json::directory::Contact;
use crate::output::Column;
use clap::Subcommand;
use maildesk_core::ids::ContactId;
use maildesk_core::rpc::{ContactImport, ContactRow, Imported, Rows, Window};
use maildesk_core::settings::FieldProblem;

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
    /// Give a contact one more address
    AddAddress {
        /// Number of the contact
        id: u64,
        /// The address
        address: String,
    },
    /// Take an address from a contact
    RemoveAddress {
        /// Number of the contact
        id: u64,
        /// The address
        address: String,
    },
    /// Make one contact of two: tickets and addresses of the second belong to the first from then on
    Merge {
        /// Number of the contact that stays
        kept: u64,
        /// Number of the contact that becomes part of it
        gone: u64,
    },
    /// Add and change contacts from a CSV file with the columns name,addresses,customer
    Import(Import),
    /// Every contact as CSV that an import reads back
    Export(ExportTo),
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List { listing } => directory::list::<ContactRow>(&listing, session).await,
        Verb::Show { id } => {
            let contact = session.client().await?.contact(ContactId(id)).await?;
            directory::show(contact, ContactRow::SCHEMAS[1], session)
        }
        Verb::AddAddress { id, address } => {
            let contact = session.client().await?.contact_add_address(ContactId(id), address).await?;
            directory::show(contact, "maildesk.contact.add-address/1", session)
        }
        Verb::RemoveAddress { id, address } => {
            let contact = session.client().await?.contact_remove_address(ContactId(id), address).await?;
            directory::show(contact, "maildesk.contact.remove-address/1", session)
        }
        Verb::Merge { kept, gone } => {
            let contact = session.client().await?.contact_merge(ContactId(kept), ContactId(gone)).await?;
            directory::show(contact, "maildesk.contact.merge/1", session)
        }
        Verb::Import(arguments) => directory::import::<ContactRow>(&arguments, session).await,
        Verb::Export(to) => directory::export::<ContactRow>(&to, session).await,
    }
}

impl Record for ContactRow {
    type Json = Contact;
    type Import = ContactImport;

    const PLURAL: &'static str = "contacts";
    const SCHEMAS: [&'static str; 4] = [
        "maildesk.contact.list/1",
        "maildesk.contact.show/1",
        "maildesk.contact.import/1",
        "maildesk.contact.export/1",
    ];
    const NONE_YET: &'static str = "No contacts yet: they appear with their first mail, or by contact import.";
    const CSV: &'static [&'static str] = &["name", "addresses", "customer"];

    async fn window(client: &Client, window: Window) -> Result<Rows<Self>, ClientError> {
        client.contacts(window).await
    }

    async fn send(client: &Client, rows: Vec<ContactImport>, dry_run: bool) -> Result<Imported, ClientError> {
        client.contacts_import(rows, dry_run).await
    }

    fn read_csv(text: &str) -> Result<Vec<ContactImport>, Vec<FieldProblem>> {
        contact_rows(text)
    }

    fn columns() -> Vec<Column> {
        vec![Column::Text("Name"), Column::Text("Addresses"), Column::Text("Customer")]
    }

    fn cells(&self) -> Vec<String> {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        vec![or_none(&self.name), self.addresses.join(" "), or_none(&self.customer_name)]
    }

    fn csv(&self) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![text(&self.name), self.addresses.join(" "), text(&self.customer_name)]
    }

    fn title(&self) -> [String; 2] {
        [format!("contact {}", self.id), self.name.clone().unwrap_or_default()]
    }

    fn fields(&self) -> Vec<(&'static str, Option<String>)> {
        let name = self.customer_name.as_deref().unwrap_or_default();
        let customer = self.customer.map(|id| format!("{name} (customer {id})"));
        vec![("addresses", Some(self.addresses.join(" "))), ("customer", customer)]
    }

    fn number(&self) -> u64 {
        self.id.0
    }

    fn created(&self) -> jiff::Timestamp {
        self.created
    }
}
