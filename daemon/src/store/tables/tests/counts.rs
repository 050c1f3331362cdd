//! Tallies and indexes agree with a recount after any run of changes.

use proptest::prelude::*;

use super::samples::*;
use super::{store, write};
use crate::store::kv::{Read, Transaction};
use crate::store::tables::prefix;
use crate::store::*;
use maildesk_core::ids::*;
use maildesk_core::outbox::{OutboxEntry, OutboxState};
use maildesk_core::route::Outcome;
use maildesk_core::rpc::Counts;

const ADDRESSES: [&str; 4] = ["a@x.de", "b@x.de", "c@x.de", "d@x.de"];
const DOMAINS: [&str; 3] = ["a.example", "b.example", "c.example"];
const MANY: usize = 1000;

#[derive(Debug, Clone)]
enum Change {
    Ticket { number: u64, status: usize },
    Contact { id: u64, addresses: Vec<&'static str> },
    Customer { id: u64, name: &'static str, domains: Vec<&'static str> },
    Outbox { id: u64, state: usize, due: i64 },
    Mail { id: u64, outcome: usize },
    Upload { byte: u8 },
    Uploaded { byte: u8 },
}

fn change() -> impl Strategy<Value = Change> {
    let some = proptest::sample::subsequence;
    prop_oneof![
        (1..5u64, 0..6usize).prop_map(|(number, status)| Change::Ticket { number, status }),
        (1..4u64, some(ADDRESSES.to_vec(), 0..=4)).prop_map(|(id, addresses)| Change::Contact { id, addresses }),
        (1..4u64, proptest::sample::select(vec!["n", "m"]), some(DOMAINS.to_vec(), 0..=3))
            .prop_map(|(id, name, domains)| Change::Customer { id, name, domains }),
        (1..5u64, 0..7usize, 0..3i64).prop_map(|(id, state, due)| Change::Outbox { id, state, due }),
        (1..5u64, 0..5usize).prop_map(|(id, outcome)| Change::Mail { id, outcome }),
        (0..3u8).prop_map(|byte| Change::Upload { byte }),
        (0..3u8).prop_map(|byte| Change::Uploaded { byte }),
    ]
}

fn apply(tx: &mut Transaction<'_>, change: &Change) -> Result<(), StoreError> {
    match change {
        Change::Ticket { number, status } => tickets::put(tx, &ticket(*number, statuses()[*status])),
        Change::Contact { id, addresses } => unless_taken(contacts::put(tx, &contact(*id, addresses))),
        Change::Customer { id, name, domains } => unless_taken(customers::put(tx, &customer(*id, name, domains))),
        Change::Outbox { id, state, due } => {
            let state = match outbox_states().swap_remove(*state) {
                OutboxState::Due { .. } => OutboxState::Due { at: at(*due) },
                other => other,
            };
            let ticket = Some(TicketNumber(1));
            outbox::put(tx, &OutboxEntry { ticket, ..outbox_entry(*id, state) })
        }
        Change::Mail { id, outcome } => mails::put(tx, &judged(*id, outcomes().swap_remove(*outcome))),
        Change::Upload { byte } => uploads::put(tx, &BlobHash([*byte; 32])),
        Change::Uploaded { byte } => uploads::delete(tx, &BlobHash([*byte; 32])),
    }
}

fn unless_taken(outcome: Result<(), DirectoryError>) -> Result<(), StoreError> {
    match outcome {
        Err(DirectoryError::Store(error)) => Err(error),
        _ => Ok(()),
    }
}

fn recount(store: &Store) -> Counts {
    let outbox = outbox::list(store, &of_state(None), None, MANY, at(0)).unwrap();
    let in_state = |word| outbox.iter().filter(|entry| entry.state.word() == word).count() as u64;
    let mails = mails::list(store, false, None, MANY).unwrap();
    Counts {
        tickets: tickets::list(store, None, None, MANY).unwrap().len() as u64,
        mails: mails.len() as u64,
        outbox_due: in_state("due"),
        outbox_held: in_state("held"),
        outbox_sent: in_state("sent"),
        outbox_failed: in_state("failed"),
        outbox_cancelled: in_state("cancelled"),
        quarantined: mails.iter().filter(|mail| matches!(mail.outcome, Outcome::Quarantined { .. })).count() as u64,
        contacts: contacts::list(store, None, MANY).unwrap().len() as u64,
        customers: customers::list(store, None, MANY).unwrap().len() as u64,
        uploads_waiting: uploads::next(store, None, MANY).unwrap().len() as u64,
    }
}

/// No index entry too many, none missing.
fn check_indexes(store: &Store, counts: &Counts) {
    let keys = |table: prefix::Table| store.scan(&table.all(), None, MANY).unwrap().len() as u64;
    assert_eq!(keys(prefix::TICKETS_BY_STATUS), counts.tickets);
    let all = outbox::list(store, &of_state(None), None, MANY, at(0)).unwrap();
    let by_themselves = all.iter().filter(|entry| entry.state.due_at().is_some()).count() as u64;
    assert_eq!(keys(prefix::OUTBOX_DUE), by_themselves);
    assert_eq!(keys(prefix::OUTBOX_WAITING), counts.outbox_due + counts.outbox_held);
    let waiting = counts.outbox_due + counts.outbox_held;
    let outbox = waiting + counts.outbox_sent + counts.outbox_failed + counts.outbox_cancelled;
    assert_eq!(keys(prefix::OUTBOX_BY_STATE), outbox);
    assert_eq!(keys(prefix::MAILS_QUARANTINED), counts.quarantined);
    assert_eq!(keys(prefix::CUSTOMERS_BY_NAME), counts.customers);
    let contacts = contacts::list(store, None, MANY).unwrap();
    for contact in &contacts {
        for address in &contact.addresses {
            assert_eq!(contacts::by_address(store, address).unwrap().as_ref(), Some(contact));
        }
    }
    let addresses: usize = contacts.iter().map(|contact| contact.addresses.len()).sum();
    assert_eq!(keys(prefix::CONTACTS_BY_ADDRESS), addresses as u64);
    let customers = customers::list(store, None, MANY).unwrap();
    for customer in &customers {
        for domain in &customer.domains {
            assert_eq!(customers::by_pattern(store, domain).unwrap().as_ref(), Some(customer));
        }
    }
    let domains: usize = customers.iter().map(|customer| customer.domains.len()).sum();
    assert_eq!(keys(prefix::CUSTOMERS_BY_DOMAIN), domains as u64);
    for ticket in tickets::list(store, None, None, MANY).unwrap() {
        assert!(tickets::list(store, Some(ticket.status.word()), None, MANY).unwrap().contains(&ticket));
    }
    let due = outbox::due(store, &sender(), at(99), MANY).unwrap();
    assert_eq!(due.len() as u64, by_themselves);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tallies_and_indexes_equal_a_recount(jobs in prop::collection::vec(prop::collection::vec(change(), 1..12), 1..5)) {
        let (_folder, store) = store();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let jobs = jobs.into_iter().map(|changes| {
            move |tx: &mut Transaction<'_>| changes.iter().try_for_each(|change| apply(tx, change))
        });
        for outcome in runtime.block_on(store.write_all::<(), StoreError, _>(jobs.collect())) {
            outcome.unwrap();
        }
        let counts = counters::read(&store).unwrap();
        prop_assert_eq!(counts, recount(&store));
        check_indexes(&store, &counts);
    }
}

#[tokio::test]
async fn hits_of_a_filter_are_counted_under_its_name_until_it_is_forgotten() {
    let (_folder, store) = store();
    let name = |text: &str| maildesk_core::settings::FilterName::parse(text).unwrap();
    write(&store, move |tx| {
        filter_hits::count(tx, &name("noise"), MailId(1), at(1))?;
        filter_hits::count(tx, &name("noise"), MailId(4), at(2))?;
        filter_hits::count(tx, &name("noise-2"), MailId(4), at(2))
    })
    .await;
    let hits = filter_hits::get(&store, &name("noise")).unwrap();
    assert_eq!((hits.count, hits.last, hits.mail), (2, Some(at(2)), Some(MailId(4))));
    write(&store, move |tx| filter_hits::forget(tx, &name("noise"))).await;
    let left = ["noise", "noise-2", "other"].map(|text| filter_hits::get(&store, &name(text)).unwrap().count);
    assert_eq!(left, [0, 1, 0]);
}
