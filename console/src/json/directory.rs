//! Contacts and customers for scripts.

use jiff::Timestamp;
use maildesk_core::ids::{ContactId, CustomerId};
use maildesk_core::language::Language;
use maildesk_core::rpc::{ContactRow, CustomerRow, Imported};
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, Serialize)]
pub struct Contact {
    pub id: ContactId,
    pub name: Option<String>,
    pub addresses: Vec<String>,
    pub customer: Option<CustomerId>,
    pub customer_name: Option<String>,
    pub language: Option<Language>,
    pub confirmed: Option<Timestamp>,
    pub created: Timestamp,
}

impl From<ContactRow> for Contact {
    fn from(row: ContactRow) -> Self {
        let ContactRow { id, name, addresses, customer, customer_name, language, confirmed, created } = row;
        Self { id, name, addresses, customer, customer_name, language, confirmed, created }
    }
}

/// The contact that two became, or would become.
#[derive(Debug, Serialize)]
pub struct MergedContact {
    pub dry_run: bool,
    #[serde(flatten)]
    pub contact: Contact,
}

#[derive(Debug, Serialize)]
pub struct Customer {
    pub id: CustomerId,
    pub name: String,
    pub domains: Vec<String>,
    pub created: Timestamp,
}

impl From<CustomerRow> for Customer {
    fn from(row: CustomerRow) -> Self {
        let CustomerRow { id, name, domains, created } = row;
        Self { id, name, domains, created }
    }
}

/// What an import did, or would do.
#[derive(Debug, Serialize)]
pub struct Import {
    pub dry_run: bool,
    pub rows: usize,
    pub added: u32,
    pub changed: u32,
    pub unchanged: u32,
}

impl Import {
    pub fn of(imported: Imported, rows: usize, dry_run: bool) -> Self {
        Self { dry_run, rows, added: imported.added, changed: imported.changed, unchanged: imported.unchanged }
    }
}

/// What an export wrote, or would write.
#[derive(Debug, Serialize)]
pub struct Export {
    pub dry_run: bool,
    pub rows: usize,
    pub file: Option<PathBuf>,
}
