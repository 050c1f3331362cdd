//! Who answers a ticket, and the thread that an answer continues.

use crate::active::Active;
use crate::store::entries;
use crate::store::error::StoreError;
use crate::store::kv::Read;
use maildesk_core::settings::Sender;
use maildesk_core::ticket::{EntryKind, Ticket};

/// Entries looked through for the thread that a mail continues.
const THREAD_WINDOW: usize = 50;

/// The sender that answers a ticket. A mailbox that was removed leaves its tickets; they are answered by the first.
pub fn sender_of<'a>(active: &'a Active, ticket: &Ticket) -> Option<&'a Sender> {
    let mailbox = active.settings.mailbox(&ticket.mailbox);
    mailbox.map_or_else(|| active.settings.sender.first(), |mailbox| active.settings.sender_for(mailbox))
}

/// Message ids of the public thread's newest part, oldest first.
pub fn thread_ids(read: &impl Read, ticket: &Ticket) -> Result<Vec<String>, StoreError> {
    let entries = entries::newest(read, ticket, THREAD_WINDOW)?;
    let public = entries.into_iter().filter(|entry| entry.kind == EntryKind::Comment);
    Ok(public.filter_map(|entry| entry.message_id).collect())
}
