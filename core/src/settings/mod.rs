//! Senders, mailboxes, storage: types and validation that the console shows inline.

pub mod connection;
