//! What travels about people: changes of contacts, who may not write, and the keys of reply tokens.

use crate::directory::Block;
use crate::ids::ContactId;
use crate::language::Language;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactKey {
    Id(ContactId),
    /// One of the contact's addresses; checked by the daemon.
    Address(String),
}

/// What a person changes about a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactAction {
    AddAddress {
        address: String,
    },
    RemoveAddress {
        address: String,
    },
    /// Makes one contact of two: this one has the addresses of both, and what belongs to `gone` belongs to it.
    Merge {
        gone: ContactId,
        /// Say what would be; change nothing.
        dry_run: bool,
    },
    /// What mails to the contact are written in; absent: that of the mailbox.
    Language {
        language: Option<Language>,
    },
}

/// What a person changes about a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CustomerAction {
    Rename {
        name: String,
    },
    /// `acme.example`, or `*.acme.example` for all below it too; checked by the daemon.
    AddDomain {
        domain: String,
    },
    RemoveDomain {
        domain: String,
    },
}

/// Lines of the block list after a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockRows {
    pub rows: Vec<Block>,
    /// Whom to go on behind; absent at the end.
    pub next: Option<String>,
}

/// One change that a person asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Its position in the log, from 1.
    pub seq: u64,
    pub at: Timestamp,
    /// Unix user name.
    pub user: String,
    pub what: String,
}

/// A key that signs or verifies reply tokens; the key itself never travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKeyRow {
    /// Absent: with the store.
    pub made: Option<Timestamp>,
    /// When the next key took its place; absent: it signs.
    pub replaced: Option<Timestamp>,
}
