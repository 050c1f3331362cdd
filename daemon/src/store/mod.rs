//! The only code that names sled: typed tables over a durable key-value waist.
//!
//! Reads take anything that is [`kv::Read`]: a [`Store`], or the transaction of a job. Writes happen in jobs
//! (`store.write(|tx| ...)`), and one job is one commit.

pub mod error;
pub mod kv;
mod migrate;
mod open;
mod record;
pub mod tables;

pub use error::{DirectoryError, OpenError, StoreError};
pub use open::Store;
pub use tables::{
    audit, automatic, blobs, blocks, clean_ups, clocks, contacts, contents, counters, customers, entries, events,
    filter_hits, install, invitations, macros, mailboxes, mails, outbox, outbox_repair, places, processed, requests,
    secrets, sent_copies, settings, suppressions, templates, threads, tickets, uploads,
};
