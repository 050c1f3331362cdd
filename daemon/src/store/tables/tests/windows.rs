//! Lists come in windows, in their order, without loss or repetition.

use super::samples::*;
use super::{store, write};
use crate::store::kv::Read;
use crate::store::*;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::*;
use maildesk_core::outbox::OutboxState;
use maildesk_core::ticket::{Author, Entry, EntryKind, Status};

const SEQUENCE_OF_EVENTS: [u8; 2] = [0x01, 6];

#[tokio::test]
async fn tickets_newest_first() {
    let (_folder, store) = store();
    write(&store, |tx| {
        (1..=300).try_for_each(|number| {
            let status = if number % 2 == 0 { Status::Open } else { Status::New };
            tickets::put(tx, &ticket(number, status))
        })
    })
    .await;
    let walk = |status: Option<&str>, limit| {
        let (mut numbers, mut before) = (Vec::new(), None);
        loop {
            let window = tickets::list(&store, status, before, limit).unwrap();
            let Some(last) = window.last() else { return numbers };
            before = Some(last.number);
            numbers.extend(window.iter().map(|ticket| ticket.number.0));
        }
    };
    assert_eq!(walk(None, 7), (1..=300).rev().collect::<Vec<_>>());
    assert_eq!(walk(Some("open"), 9), (1..=150).rev().map(|half| half * 2).collect::<Vec<_>>());
    assert!(tickets::list(&store, None, None, 0).unwrap().is_empty());
}

#[tokio::test]
async fn entries_of_one_ticket_oldest_first() {
    let (_folder, store) = store();
    let entry = |number| Entry {
        number: EntryNumber(number),
        ..Entry::new(Author::System, EntryKind::Note, "x".into(), at(0))
    };
    write(&store, move |tx| {
        for ticket in 1..=3 {
            (1..=300).try_for_each(|number| entries::put(tx, TicketNumber(ticket), &entry(number)))?;
        }
        Ok(())
    })
    .await;
    let numbers = |after: Option<u32>, limit| {
        let window = entries::list(&store, TicketNumber(2), after.map(EntryNumber), limit).unwrap();
        window.iter().map(|entry| entry.number.0).collect::<Vec<_>>()
    };
    assert_eq!(numbers(None, 1000), (1..=300).collect::<Vec<_>>());
    assert_eq!(numbers(Some(254), 3), [255, 256, 257]);
    assert_eq!(numbers(Some(300), 3), [0; 0]);
}

#[tokio::test]
async fn outbox_contacts_uploads_and_audit() {
    let (_folder, store) = store();
    write(&store, |tx| {
        for id in 1..=5 {
            outbox::put(tx, &outbox_entry(id, OutboxState::Due { at: at(1) }))?;
            uploads::put(tx, &BlobHash([u8::try_from(id).unwrap(); 32]))?;
            assert_eq!(audit::append(tx, at(1), "ann", "did it")?, id);
            contacts::put(tx, &contact(id, &[])).unwrap();
        }
        outbox::put_message(tx, OutboxId(2), b"MIME")
    })
    .await;
    let outbox_ids = |state| -> Vec<u64> {
        outbox::list(&store, &of_state(state), Some(OutboxId(4)), 2, at(0))
            .unwrap()
            .iter()
            .map(|entry| entry.id.0)
            .collect()
    };
    assert_eq!(outbox_ids(None), [3, 2]);
    assert_eq!(outbox_ids(Some("due")), [3, 2]);
    assert_eq!(outbox::message(&store, OutboxId(2)).unwrap(), Some(b"MIME".to_vec()));
    let contacts = contacts::list(&store, Some(ContactId(3)), 9).unwrap();
    assert_eq!(contacts.iter().map(|contact| contact.id.0).collect::<Vec<_>>(), [4, 5]);
    assert_eq!(uploads::next(&store, Some(BlobHash([3; 32])), 1).unwrap(), [BlobHash([4; 32])]);
    let log = audit::list(&store, Some(3), 9).unwrap();
    assert_eq!(log.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [2, 1]);
    assert_eq!((log[0].user.as_str(), log[0].what.as_str(), log[0].at), ("ann", "did it", at(1)));
}

#[tokio::test]
async fn the_newest_events_are_kept_and_a_gap_is_told() {
    let (_folder, store) = store();
    write(&store, |tx| {
        for _ in 0..3 {
            events::append(tx, at(1), DomainEvent::StorageRecovered)?;
        }
        tx.put(&SEQUENCE_OF_EVENTS, &events::EVENTS_KEPT.to_be_bytes())?;
        events::append(tx, at(1), DomainEvent::StorageRecovered)?;
        events::append(tx, at(1), DomainEvent::StorageRecovered)
    })
    .await;
    let after = |seen, limit| {
        let (events, gap) = events::after(&store, EventSeq(seen), limit).unwrap();
        (events.iter().map(|event| event.seq.0).collect::<Vec<_>>(), gap)
    };
    assert_eq!(after(0, 9), (vec![3, 50_001, 50_002], true));
    assert_eq!(after(2, 2), (vec![3, 50_001], false));
    assert_eq!(after(50_002, 9), (vec![], false));
    assert_eq!(after(60_000, 9), (vec![], true));
    assert_eq!(events::newest(&store).unwrap(), EventSeq(50_002));
}

#[tokio::test]
async fn a_damaged_record_is_named_without_its_content() {
    let (_folder, store) = store();
    let key = [&[0x10][..], &7u64.to_be_bytes()].concat();
    write(&store, move |tx| {
        tickets::put(tx, &ticket(7, Status::New))?;
        tx.put(&key, b"{\"number\":7,\"subject\":\"private\",\"status\":\"private\"}")
    })
    .await;
    let error = tickets::get(&store, TicketNumber(7)).unwrap_err();
    assert!(matches!(error, StoreError::Record { table: "tickets", .. }));
    assert!(!format!("{error} {error:?}").contains("private"));
    assert!(store.get(&[0x10]).unwrap().is_none());
}
