//! Numbers that are given once, and how many there are of what: kept with every write, never counted.

use maildesk_core::rpc::Counts;

use super::prefix::{SEQUENCES, TALLIES};
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};

/// What is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    Ticket,
    Contact,
    Customer,
    Mail,
    Outbox,
    Event,
    Audit,
    Blob,
    Invitation,
}

impl Counter {
    fn byte(self) -> u8 {
        match self {
            Counter::Ticket => 1,
            Counter::Contact => 2,
            Counter::Customer => 3,
            Counter::Mail => 4,
            Counter::Outbox => 5,
            Counter::Event => 6,
            Counter::Audit => 7,
            Counter::Blob => 8,
            Counter::Invitation => 9,
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tally {
    Tickets,
    Mails,
    OutboxDue,
    OutboxHeld,
    OutboxSent,
    OutboxFailed,
    OutboxCancelled,
    Quarantined,
    Contacts,
    Customers,
    UploadsWaiting,
}

impl Tally {
    fn byte(self) -> u8 {
        match self {
            Tally::Tickets => 1,
            Tally::Mails => 2,
            Tally::OutboxDue => 3,
            Tally::OutboxSent => 4,
            Tally::OutboxFailed => 5,
            Tally::OutboxCancelled => 6,
            Tally::Quarantined => 7,
            Tally::Contacts => 8,
            Tally::Customers => 9,
            Tally::UploadsWaiting => 10,
            Tally::OutboxHeld => 11,
        }
    }
}

/// Gives the next number, from 1. A number given by a job that fails is given again.
pub fn next(tx: &mut Transaction<'_>, counter: Counter) -> Result<u64, StoreError> {
    let key = SEQUENCES.key(&[&[counter.byte()]]);
    let number = last(tx, counter)?.saturating_add(1);
    tx.put(&key, &number.to_be_bytes())?;
    Ok(number)
}

/// The last number given; 0 before the first.
pub fn last(read: &(impl Read + ?Sized), counter: Counter) -> Result<u64, StoreError> {
    let key = SEQUENCES.key(&[&[counter.byte()]]);
    Ok(rows::number(read, SEQUENCES, &key)?.unwrap_or_default())
}

/// How many there are of what, at one moment.
pub fn read(read: &(impl Read + ?Sized)) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    // One scan, so that all numbers are of one commit.
    let window = read.scan(&TALLIES.all(), None, usize::from(u8::MAX))?;
    let tallies = [
        (Tally::Tickets, &mut counts.tickets),
        (Tally::Mails, &mut counts.mails),
        (Tally::OutboxDue, &mut counts.outbox_due),
        (Tally::OutboxHeld, &mut counts.outbox_held),
        (Tally::OutboxSent, &mut counts.outbox_sent),
        (Tally::OutboxFailed, &mut counts.outbox_failed),
        (Tally::OutboxCancelled, &mut counts.outbox_cancelled),
        (Tally::Quarantined, &mut counts.quarantined),
        (Tally::Contacts, &mut counts.contacts),
        (Tally::Customers, &mut counts.customers),
        (Tally::UploadsWaiting, &mut counts.uploads_waiting),
    ];
    for (tally, place) in tallies {
        if let Some((key, value)) = window.iter().find(|(key, _)| key.last() == Some(&tally.byte())) {
            *place = rows::number_of(TALLIES, key, value)?;
        }
    }
    Ok(counts)
}

pub(super) fn one_more(tx: &mut Transaction<'_>, tally: Tally) -> Result<(), StoreError> {
    change(tx, tally, |number| number.saturating_add(1))
}

pub(super) fn one_less(tx: &mut Transaction<'_>, tally: Tally) -> Result<(), StoreError> {
    change(tx, tally, |number| number.saturating_sub(1))
}

fn change(tx: &mut Transaction<'_>, tally: Tally, change: impl Fn(u64) -> u64) -> Result<(), StoreError> {
    let key = TALLIES.key(&[&[tally.byte()]]);
    let number = rows::number(tx, TALLIES, &key)?.unwrap_or_default();
    tx.put(&key, &change(number).to_be_bytes())
}
