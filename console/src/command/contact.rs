//! `maildesk contact`: people who write.

use super::Session;
use super::directory::{self, ExportTo, Record};
use super::import::{Import, Parsed, contact_rows};
use super::listing::Listing;
use crate::client::{Client, ClientError};
use crate::failure::Failure;
use crate::json::directory::{Contact, MergedContact};
use crate::output::{Column, Page, Span};
use clap::{Subcommand, ValueEnum};
use maildesk_core::ids::ContactId;
use maildesk_core::language::Language;
use maildesk_core::rpc::{ContactAction, ContactImport, ContactKey, ContactRow, Imported, Rows, Window};

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
    /// What mails to a contact are written in
    Language {
        /// An address of the contact, or its number
        #[arg(value_parser = contact_key)]
        who: ContactKey,
        /// none: that of the mailbox, or else the desk's
        language: LanguageWord,
    },
    /// Make one contact of two: tickets and addresses of the second belong to the first from then on
    Merge {
        /// Number of the contact that stays
        kept: u64,
        /// Number of the contact that becomes part of it
        gone: u64,
        /// Say what would be; change nothing
        #[arg(long)]
        dry_run: bool,
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
            let action = ContactAction::AddAddress { address };
            act(ContactKey::Id(ContactId(id)), action, "maildesk.contact.add-address/1", session).await
        }
        Verb::RemoveAddress { id, address } => {
            let action = ContactAction::RemoveAddress { address };
            act(ContactKey::Id(ContactId(id)), action, "maildesk.contact.remove-address/1", session).await
        }
        Verb::Merge { kept, gone, dry_run } => merge(kept, gone, dry_run, session).await,
        Verb::Language { who, language } => {
            let action = ContactAction::Language { language: language.into() };
            act(who, action, "maildesk.contact.language/1", session).await
        }
        Verb::Import(arguments) => directory::import::<ContactRow>(&arguments, session).await,
        Verb::Export(to) => directory::export::<ContactRow>(&to, session).await,
    }
}

async fn act(
    who: ContactKey,
    action: ContactAction,
    schema: &'static str,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let contact = session.client().await?.contact_act(who, action).await?;
    directory::show(contact, schema, session)
}

async fn merge(kept: u64, gone: u64, dry_run: bool, session: &mut Session<'_>) -> Result<(), Failure> {
    let action = ContactAction::Merge { gone: ContactId(gone), dry_run };
    let contact = session.client().await?.contact_act(ContactKey::Id(ContactId(kept)), action).await?;
    if session.output.json() {
        let merged = MergedContact { dry_run, contact: contact.into() };
        return session.output.answer("maildesk.contact.merge/1", &merged, None);
    }
    let mut page = Page::default();
    let done = if dry_run { "would become" } else { "became" };
    page.line([Span::strong(format!("contact {gone} {done} part of contact {}", contact.id))]);
    page.append(directory::page_of(&contact, session.output.clock()));
    if dry_run {
        page.line([Span::dim("a dry run: nothing was changed")]);
    }
    session.output.page(&page)
}

/// A number, or else an address, which the daemon checks.
fn contact_key(text: &str) -> Result<ContactKey, String> {
    match text.parse() {
        Ok(id) => Ok(ContactKey::Id(ContactId(id))),
        Err(_) if text.contains('@') => Ok(ContactKey::Address(text.to_owned())),
        Err(_) => Err("give an address, or a number as contact list says".to_owned()),
    }
}

/// A language that mails are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LanguageWord {
    En,
    De,
    Fr,
    Es,
    None,
}

impl From<LanguageWord> for Option<Language> {
    fn from(word: LanguageWord) -> Self {
        match word {
            LanguageWord::En => Some(Language::En),
            LanguageWord::De => Some(Language::De),
            LanguageWord::Fr => Some(Language::Fr),
            LanguageWord::Es => Some(Language::Es),
            LanguageWord::None => None,
        }
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

    fn read_csv(text: &str) -> Parsed<ContactImport> {
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
        let language = self.language.map(|language| language.tag().to_owned());
        let confirmed = self.confirmed.map(|at| format!("{at:.0}"));
        vec![
            ("addresses", Some(self.addresses.join(" "))),
            ("customer", customer),
            ("language", language),
            ("confirmed", confirmed),
        ]
    }

    fn number(&self) -> u64 {
        self.id.0
    }

    fn created(&self) -> jiff::Timestamp {
        self.created
    }
}
