//! Very many tickets put straight into the store of a daemon that is stopped, as intake would have left them.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use maildesk_core::address::Address;
use maildesk_core::directory::Contact;
use maildesk_core::ids::{ContactId, EntryNumber, TicketNumber};
use maildesk_core::settings::MailboxName;
use maildesk_core::ticket::{Author, Entry, EntryKind, Status, Ticket};
use maildesk_daemon::store::counters::{self, Counter};
use maildesk_daemon::store::kv::{Options, Transaction};
use maildesk_daemon::store::{DirectoryError, Store, StoreError, contacts, entries, tickets};
use std::path::Path;

/// Tickets of one commit.
const AT_ONCE: u64 = 4000;
/// People who write.
const CONTACTS: u64 = 5000;

/// Makes so many tickets with two entries each.
pub async fn fill(state_dir: &Path, count: usize) -> Result<()> {
    let store = Store::open(&Options::new(&state_dir.join("store")))?;
    let people = |tx: &mut Transaction<'_>| -> Result<(), DirectoryError> {
        for _ in 0..CONTACTS {
            let number = counters::next(tx, Counter::Contact)?;
            let Ok(address) = Address::parse(&format!("person{number}@world.test")) else { continue };
            let contact = Contact {
                id: ContactId(number),
                name: Some(format!("Person {number}")),
                addresses: vec![address],
                customer: None,
                language: None,
                confirmed: None,
                created: Timestamp::UNIX_EPOCH,
            };
            contacts::put(tx, &contact)?;
        }
        Ok(())
    };
    store.write(people).await?;
    let mut left = u64::try_from(count)?;
    // What comes in pieces is made while the piece before is written.
    while left > 0 {
        let part = left.min(AT_ONCE);
        let job = move |tx: &mut Transaction<'_>| -> Result<(), StoreError> {
            for _ in 0..part {
                let number = counters::next(tx, Counter::Ticket)?;
                let Ok((ticket, thread)) = ticket(number) else { continue };
                tickets::put(tx, &ticket)?;
                for entry in &thread {
                    entries::put(tx, ticket.number, entry)?;
                }
            }
            Ok(())
        };
        store.write(job).await?;
        left -= part;
    }
    tokio::task::spawn_blocking(move || store.close()).await.context("closing the store")
}

fn ticket(number: u64) -> Result<(Ticket, [Entry; 2])> {
    let at = Timestamp::from_second(1_750_000_000 + i64::try_from(number)? * 30)?;
    let contact = ContactId(number % CONTACTS + 1);
    let subject = match number % 5000 {
        0 => format!("Ticket {number} of many about rare{}", number / 5000 % 10),
        _ => format!("Ticket {number} of many about printing"),
    };
    let status = match number % 10 {
        0 => Status::New,
        1 => Status::Open,
        2 => Status::Pending { until: None },
        3 => Status::Resolved { at },
        _ => Status::Closed { at },
    };
    let address = Address::parse(&format!("person{}@world.test", contact.0))?;
    let author = Author::Contact { id: contact, address, name: Some(format!("Person {}", contact.0)) };
    let text = "Hello,\n\nsince this morning the page stays blank.\n\nKind regards";
    let mut opening = Entry::new(author, EntryKind::Comment, text.into(), at);
    opening.number = EntryNumber(1);
    let later = at + SignedDuration::from_mins(20);
    let mut answer = Entry::new(Author::Agent { name: "ana".into() }, EntryKind::Note, "Called them.".into(), later);
    answer.number = EntryNumber(2);
    let ticket = Ticket {
        status,
        updated: later,
        entries: 2,
        ..Ticket::begun(TicketNumber(number), subject, contact, MailboxName::parse("desk")?, at)
    };
    Ok((ticket, [opening, answer]))
}
