//! Contacts and customers on disk.

use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::directory::{Block, Blocked, Contact, Customer, DomainPattern};
use maildesk_core::ids::{ContactId, CustomerId};
use maildesk_core::language::Language;
use serde::{Deserialize, Serialize};

use super::language::LanguageRecord;

/// [`Contact`].
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct ContactRecord {
    id: ContactId,
    name: Option<String>,
    addresses: Vec<Address>,
    customer: Option<CustomerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<LanguageRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confirmed: Option<Timestamp>,
    created: Timestamp,
}

impl From<Contact> for ContactRecord {
    fn from(contact: Contact) -> ContactRecord {
        let Contact { id, name, addresses, customer, language, confirmed, created } = contact;
        let language = language.map(LanguageRecord::from);
        ContactRecord { id, name, addresses, customer, language, confirmed, created }
    }
}

impl From<ContactRecord> for Contact {
    fn from(record: ContactRecord) -> Contact {
        let ContactRecord { id, name, addresses, customer, language, confirmed, created } = record;
        Contact { id, name, addresses, customer, language: language.map(Language::from), confirmed, created }
    }
}

same_struct!(CustomerRecord = Customer {
    id: CustomerId,
    name: String,
    domains: Vec<DomainPattern>,
    created: Timestamp,
});

same_struct!(BlockRecord = Block {
    who: Blocked,
    reason: String,
    since: Timestamp,
    expires: Option<Timestamp>,
});
