//! Sent mails of which a copy is still to be put into a folder of a mailbox, by sender.

use maildesk_core::ids::OutboxId;
use maildesk_core::settings::SenderName;

use super::prefix::SENT_COPIES;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};

/// Lets a copy wait; one that waits already is fine.
pub fn put(tx: &mut Transaction<'_>, sender: &SenderName, id: OutboxId) -> Result<(), StoreError> {
    tx.put(&key(sender, id), &[])
}

/// Waiting copies of a sender in the order in which their mails were queued.
pub fn next(
    read: &(impl Read + ?Sized),
    sender: &SenderName,
    after: Option<OutboxId>,
    limit: usize,
) -> Result<Vec<OutboxId>, StoreError> {
    let after = after.map(|id| key(sender, id));
    let window = read.scan(&prefix(sender, 0), after.as_deref(), limit)?;
    window.iter().map(|(key, _)| rows::last_number(SENT_COPIES, key).map(OutboxId)).collect()
}

/// The senders of which copies wait.
pub fn senders(read: &(impl Read + ?Sized)) -> Result<Vec<SenderName>, StoreError> {
    let mut found = Vec::new();
    let mut after: Option<Vec<u8>> = None;
    while let Some((key, _)) = read.scan(&SENT_COPIES.all(), after.as_deref(), 1)?.first() {
        let name = key.get(1..).and_then(|rest| rest.split(|byte| *byte == 0).next());
        let name = name.and_then(|name| std::str::from_utf8(name).ok()).and_then(|name| SenderName::parse(name).ok());
        let name = name.ok_or_else(|| rows::unusable(SENT_COPIES, key, "its key holds no sender"))?;
        // Behind all keys of this sender, before those of every other one.
        after = Some(prefix(&name, 1));
        found.push(name);
    }
    Ok(found)
}

/// Ends a copy's wait; one that does not wait is fine.
pub fn delete(tx: &mut Transaction<'_>, sender: &SenderName, id: OutboxId) -> Result<(), StoreError> {
    tx.delete(&key(sender, id))
}

fn prefix(sender: &SenderName, end: u8) -> Vec<u8> {
    SENT_COPIES.key(&[sender.as_str().as_bytes(), &[end]])
}

fn key(sender: &SenderName, id: OutboxId) -> Vec<u8> {
    SENT_COPIES.key(&[sender.as_str().as_bytes(), &[0], &id.0.to_be_bytes()])
}
