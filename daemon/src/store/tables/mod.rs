//! Typed tables: one module per table, free functions over the waist.
//!
//! Reading functions take anything that is [`Read`](crate::store::kv::Read); writing functions take the transaction
//! of a job and keep the table's indexes and tallies right. A list read from outside a job takes several reads, and
//! a commit may come between them: a row is then as old or as new as its own read, never half.
//!
//! All fail with [`StoreError`](crate::store::error::StoreError): reads where stored bytes are damaged, writes also
//! where a key, a value or the job is too large.

pub mod audit;
pub mod automatic;
pub mod blobs;
pub mod blocks;
pub mod clean_ups;
pub mod clocks;
pub mod contacts;
pub mod contents;
pub mod counters;
pub mod customers;
pub mod entries;
pub mod events;
pub mod filter_hits;
pub mod install;
pub mod invitations;
pub mod macros;
pub mod mailboxes;
pub mod mails;
pub mod outbox;
pub mod outbox_repair;
pub mod places;
mod prefix;
pub mod processed;
pub mod requests;
mod rows;
pub mod secrets;
pub mod sent_copies;
pub mod settings;
pub mod suppressions;
pub mod templates;
pub mod threads;
pub mod tickets;
pub mod uploads;

#[cfg(test)]
mod tests;
