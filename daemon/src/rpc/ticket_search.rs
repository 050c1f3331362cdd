//! Windows over tickets: by number or due time straight from the keys, with words by looking at a bounded number.

use super::fault::Fault;
use super::sla::by_due;
use super::views::{ticket_row, to_read};
use crate::store::kv::Read;
use crate::store::{contacts, customers, tickets};
use maildesk_core::ids::{ContactId, CustomerId, TicketNumber};
use maildesk_core::rpc::{People, Rows, TicketOrder, TicketQuery, TicketRow, Window};
use maildesk_core::ticket::Ticket;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Tickets that one call looks at, and that are read at once.
pub(super) const LOOKED_AT_MOST: usize = 5000;
const READ_AT_ONCE: usize = 500;

/// Goes on from the cursor until it has its rows, the list ends, or it has looked at enough; then there can be fewer
/// rows than asked for, and a cursor to go on with.
pub(super) fn search(
    read: &impl Read,
    query: &TicketQuery,
    window: Window,
    most: usize,
) -> Result<Rows<TicketRow>, Fault> {
    let wanted = to_read(window);
    let mut found: Vec<TicketRow> = Vec::new();
    let mut people = Known::default();
    let mut at = window.after.map(TicketNumber);
    let mut looked_at = 0;
    while looked_at < most {
        let at_once = if query.is_open() { wanted - found.len() } else { READ_AT_ONCE.min(most - looked_at) };
        let piece = piece(read, query, at, at_once)?;
        let ended = piece.len() < at_once;
        for ticket in &piece {
            if query.matches(ticket, || people.of(read, ticket))? {
                if found.len() + 1 == wanted {
                    // One more than asked for: there is a next window, behind the row before.
                    let next = found.last().map(|row| row.number.0);
                    return Ok(Rows { rows: found, next });
                }
                found.push(ticket_row(read, ticket)?);
            }
            at = Some(ticket.number);
            looked_at += 1;
        }
        if ended {
            return Ok(Rows { rows: found, next: None });
        }
    }
    Ok(Rows { rows: found, next: at.map(|number| number.0) })
}

fn piece(
    read: &impl Read,
    query: &TicketQuery,
    after: Option<TicketNumber>,
    limit: usize,
) -> Result<Vec<Ticket>, Fault> {
    let status = query.status.as_deref();
    Ok(match (query.order, query.reversed) {
        (TicketOrder::Newest, false) => tickets::list(read, status, after, limit)?,
        (TicketOrder::Newest, true) => tickets::list_oldest(read, status, after, limit)?,
        (TicketOrder::Due, _) => by_due(read, status, after, limit)?,
    })
}

/// Contacts and customers of one search: a few write much.
#[derive(Default)]
struct Known {
    contacts: HashMap<ContactId, String>,
    customers: HashMap<CustomerId, String>,
}

impl Known {
    fn of(&mut self, read: &impl Read, ticket: &Ticket) -> Result<People, Fault> {
        let contact = match self.contacts.entry(ticket.contact) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(place) => {
                let found = contacts::get(read, ticket.contact)?;
                let words = found.map(|contact| {
                    let addresses: Vec<String> = contact.addresses.iter().map(ToString::to_string).collect();
                    format!("{} {}", contact.name.unwrap_or_default(), addresses.join(" "))
                });
                place.insert(words.unwrap_or_default()).clone()
            }
        };
        let customer = match ticket.customer.map(|id| (id, self.customers.entry(id))) {
            None => String::new(),
            Some((_, Entry::Occupied(known))) => known.get().clone(),
            Some((id, Entry::Vacant(place))) => {
                let name = customers::get(read, id)?.map(|customer| customer.name);
                place.insert(name.unwrap_or_default()).clone()
            }
        };
        Ok(People { contact, customer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::kv::{Options, Transaction};
    use crate::store::{Store, StoreError};
    use jiff::Timestamp;
    use maildesk_core::settings::MailboxName;
    use maildesk_core::ticket::Status;
    use tempfile::TempDir;

    /// Tickets 1 to `count`; every tenth is about a printer and resolved.
    async fn desk(count: u64) -> (TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { min_free_bytes: 1 << 20, ..Options::new(&folder.path().join("store")) };
        let store = Store::open(&options).unwrap();
        let job = move |tx: &mut Transaction<'_>| -> Result<(), StoreError> {
            let at = Timestamp::UNIX_EPOCH;
            for number in 1..=count {
                let tenth = number % 10 == 0;
                let ticket = Ticket {
                    status: if tenth { Status::Resolved { at } } else { Status::New },
                    entries: 1,
                    ..Ticket::begun(
                        TicketNumber(number),
                        if tenth { "A printer".into() } else { "Else".into() },
                        ContactId(1),
                        MailboxName::parse("support").unwrap(),
                        at,
                    )
                };
                tickets::put(tx, &ticket)?;
            }
            Ok(())
        };
        store.write(job).await.unwrap();
        (folder, store)
    }

    fn found(
        store: &Store,
        query: &TicketQuery,
        after: Option<u64>,
        limit: u32,
        most: usize,
    ) -> (Vec<u64>, Option<u64>) {
        let found = search(store, query, Window { after, limit }, most).unwrap();
        (found.rows.iter().map(|row| row.number.0).collect(), found.next)
    }

    #[tokio::test]
    async fn words_are_looked_for_in_bounded_pieces() {
        let (_folder, store) = desk(100).await;
        let printer = TicketQuery { words: vec!["printer".into()], ..TicketQuery::default() };
        assert_eq!(found(&store, &printer, None, 50, 35), (vec![100, 90, 80, 70], Some(66)));
        assert_eq!(found(&store, &printer, Some(66), 2, 35), (vec![60, 50], Some(50)));
        assert_eq!(found(&store, &printer, Some(9), 50, 35), (Vec::new(), None));
        let nothing = TicketQuery { words: vec!["fax".into()], ..TicketQuery::default() };
        assert_eq!(found(&store, &nothing, None, 50, 35), (Vec::new(), Some(66)));
    }

    #[tokio::test]
    async fn both_ends_can_be_begun_from() {
        let (_folder, store) = desk(100).await;
        let all = TicketQuery::default();
        assert_eq!(found(&store, &all, None, 3, 35), (vec![100, 99, 98], Some(98)));
        let last = TicketQuery { reversed: true, ..all };
        assert_eq!(found(&store, &last, None, 3, 35), (vec![1, 2, 3], Some(3)));
        assert_eq!(found(&store, &last, Some(98), 3, 35), (vec![99, 100], None));
        let resolved = TicketQuery { status: Some("resolved".into()), ..last };
        assert_eq!(found(&store, &resolved, Some(20), 3, 35), (vec![30, 40, 50], Some(50)));
    }
}
