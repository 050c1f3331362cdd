//! What the commit of one mail costs in the tables, without the disk.

use std::time::{Duration, Instant};

use super::samples::*;
use super::{store, write};
use crate::store::blobs::{BlobPlace, BlobRecord};
use crate::store::counters::Counter;
use crate::store::kv::Transaction;
use crate::store::*;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::*;
use maildesk_core::outbox::OutboxState;
use maildesk_core::route::Outcome;
use maildesk_core::ticket::{Entry, Status};

const JOBS: u32 = 20;
const MAILS_PER_JOB: u32 = 50;

/// All that one new ticket with its acknowledgement writes.
fn one_mail(tx: &mut Transaction<'_>, uid: u32, entry: &Entry, bytes: &[u8]) -> Result<(), StoreError> {
    let mail = MailId(counters::next(tx, Counter::Mail)?);
    let number = TicketNumber(counters::next(tx, Counter::Ticket)?);
    let id = OutboxId(counters::next(tx, Counter::Outbox)?);
    let content = BlobHash::of(&uid.to_be_bytes());
    processed::find(tx, &mailbox(), UidValidity(1), Uid(uid))?;
    contents::find(tx, &mailbox(), &content.0)?;
    contacts::by_address(tx, &address("ann@acme.example"))?;
    let outcome = Outcome::NewTicket { ticket: number };
    tickets::put(tx, &ticket(number.0, Status::New))?;
    entries::put(tx, number, entry)?;
    mails::put(tx, &judged(mail.0, outcome.clone()))?;
    processed::put(tx, &mailbox(), UidValidity(1), Uid(uid), mail)?;
    contents::put(tx, &mailbox(), &content.0, mail)?;
    outbox::put(tx, &outbox_entry(id.0, OutboxState::Due { at: at(uid.into()) }))?;
    outbox::put_message(tx, id, bytes)?;
    blobs::put_record(tx, &content, &BlobRecord { size: 4000, place: BlobPlace::Store })?;
    blobs::put_bytes(tx, &content, bytes)?;
    let (from, subject) = ("ann@acme.example".into(), "Drucker".into());
    let acknowledgement = Some(id);
    let event = DomainEvent::MailJudged { mail, mailbox: mailbox(), from, subject, outcome, acknowledgement };
    events::append(tx, at(0), event).map(drop)
}

#[tokio::test]
#[ignore = "a measurement: cargo test --release -p maildesk-daemon --lib store::tables::tests::speed -- --ignored"]
async fn one_mail_takes_well_below_100_microseconds() {
    let (_folder, store) = store();
    write(&store, |tx| contacts::put(tx, &contact(1, &["ann@acme.example"])).map_err(|_| StoreError::Closed)).await;
    let mut spent = Duration::ZERO;
    for job in 0..JOBS {
        spent += write(&store, move |tx| {
            let entry = Entry { text: "word ".repeat(400), ..entries().swap_remove(0) };
            let bytes = vec![b'x'; 4000];
            let begun = Instant::now();
            for mail in 0..MAILS_PER_JOB {
                one_mail(tx, job * MAILS_PER_JOB + mail, &entry, &bytes)?;
            }
            Ok(begun.elapsed())
        })
        .await;
    }
    let one = spent / (JOBS * MAILS_PER_JOB);
    eprintln!("one mail: {one:?}");
    assert!(one < Duration::from_micros(if cfg!(debug_assertions) { 5000 } else { 100 }), "{one:?}");
}
