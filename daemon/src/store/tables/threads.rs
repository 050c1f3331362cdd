//! Tickets by the Message-IDs of their threads. One mail can be in several: it came in by two mailboxes.

use maildesk_core::ids::{BlobHash, TicketNumber};

use super::prefix::THREADS;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};

/// Notes that a mail belongs to a ticket.
pub fn put(tx: &mut Transaction<'_>, message_id: &str, ticket: TicketNumber) -> Result<(), StoreError> {
    tx.put(&key(message_id, ticket), &[])
}

/// As [`put`], of a ticket that no mail belongs to so far.
pub fn add(tx: &mut Transaction<'_>, message_id: &str, ticket: TicketNumber) -> Result<(), StoreError> {
    tx.put_new(&key(message_id, ticket), &[])
}

/// Tickets that a mail belongs to, the newest first.
pub fn find(read: &(impl Read + ?Sized), message_id: &str, limit: usize) -> Result<Vec<TicketNumber>, StoreError> {
    let window = read.scan_back(&THREADS.key(&[&hash(message_id)]), None, limit)?;
    window.iter().map(|(key, _)| rows::last_number(THREADS, key).map(TicketNumber)).collect()
}

fn key(message_id: &str, ticket: TicketNumber) -> Vec<u8> {
    THREADS.key(&[&hash(message_id), &ticket.0.to_be_bytes()])
}

/// Message-IDs are longer than keys may be, and somebody else's choice.
fn hash(message_id: &str) -> [u8; 32] {
    BlobHash::of(message_id.as_bytes()).0
}
