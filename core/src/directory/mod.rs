//! People and organisations: contacts by address, customers by domain.

mod author;
#[cfg(test)]
mod author_tests;
mod block;
mod domain_pattern;
mod free_mail;

pub use author::{Person, author, forwarded_author};
pub use block::{Block, Blocked};
pub use domain_pattern::{DomainPattern, customer_domain};
pub use free_mail::is_free_mail;

use crate::address::Address;
use crate::ids::{ContactId, CustomerId};
use crate::language::Language;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A person, with one or more addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub id: ContactId,
    /// As the person signs; absent when no mail ever said.
    pub name: Option<String>,
    /// The first is the one that is written to.
    pub addresses: Vec<Address>,
    pub customer: Option<CustomerId>,
    /// What mails to the person are written in; absent: nothing is known.
    pub language: Option<Language>,
    /// When the person answered an invitation, and so showed that the address is theirs.
    pub confirmed: Option<Timestamp>,
    pub created: Timestamp,
}

impl Contact {
    /// Whether this address is one of the contact's.
    pub fn owns(&self, address: &Address) -> bool {
        let key = address.key();
        self.addresses.iter().any(|own| own.key() == key)
    }

    /// What to call the person: the name, or else the address.
    pub fn display(&self) -> &str {
        match (&self.name, self.addresses.first()) {
            (Some(name), _) => name,
            (None, Some(address)) => address.as_str(),
            (None, None) => "",
        }
    }
}

/// An organisation that owns domains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub id: CustomerId,
    pub name: String,
    pub domains: Vec<DomainPattern>,
    pub created: Timestamp,
}
