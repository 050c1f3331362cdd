//! Contacts by address and customers by domain and name stay right through changes.

use super::samples::*;
use super::store;
use crate::store::kv::Transaction;
use crate::store::*;
use maildesk_core::address::Domain;
use maildesk_core::directory::{Block, Blocked, Contact, Customer, DomainPattern};
use maildesk_core::ids::*;
use maildesk_core::ticket::{Author, Entry, EntryKind};

async fn put_contact(store: &Store, contact: Contact) -> Result<(), DirectoryError> {
    store.write(move |tx| contacts::put(tx, &contact)).await
}

async fn put_customer(store: &Store, customer: Customer) -> Result<(), DirectoryError> {
    store.write(move |tx| customers::put(tx, &customer)).await
}

fn owner(store: &Store, text: &str) -> Option<u64> {
    contacts::by_address(store, &address(text)).unwrap().map(|contact| contact.id.0)
}

#[tokio::test]
async fn an_address_finds_its_contact_until_it_goes() {
    let (_folder, store) = store();
    let named =
        Contact { name: Some("Ann".into()), customer: Some(CustomerId(4)), ..contact(1, &["Ann@x.de", "b@x.de"]) };
    put_contact(&store, named.clone()).await.unwrap();
    assert_eq!(contacts::get(&store, ContactId(1)).unwrap(), Some(named.clone()));
    assert_eq!(contacts::by_address(&store, &address("ANN@X.de")).unwrap(), Some(named));
    put_contact(&store, contact(1, &["b@x.de", "c@x.de"])).await.unwrap();
    assert_eq!(["ann@x.de", "b@x.de", "c@x.de"].map(|text| owner(&store, text)), [None, Some(1), Some(1)]);

    let taken = put_contact(&store, contact(2, &["new@x.de", "C@x.de"])).await;
    assert_eq!(taken, Err(DirectoryError::AddressTaken { address: address("C@x.de"), owner: ContactId(1) }));
    assert_eq!(contacts::get(&store, ContactId(2)).unwrap(), None);
    assert_eq!(owner(&store, "new@x.de"), None);
    assert_eq!(counters::read(&store).unwrap().contacts, 1);

    put_contact(&store, contact(2, &["ann@x.de"])).await.unwrap();
    assert_eq!(owner(&store, "ann@x.de"), Some(2));
}

#[tokio::test]
async fn an_address_twice_in_one_contact_is_one() {
    let (_folder, store) = store();
    put_contact(&store, contact(1, &["ann@x.de", "ANN@x.de"])).await.unwrap();
    put_contact(&store, contact(1, &["Ann@x.de"])).await.unwrap();
    assert_eq!(owner(&store, "ann@x.de"), Some(1));
}

#[tokio::test]
async fn domains_and_names_find_their_customer() {
    let (_folder, store) = store();
    let by_domain = |text| customers::by_domain(&store, &Domain::parse(text).unwrap()).unwrap().map(|found| found.id.0);
    let by_name = |text| customers::by_name(&store, text).unwrap().map(|found| found.id.0);
    let acme = customer(1, "ACME Ärzte", &["acme.example", "acme.test"]);
    put_customer(&store, acme.clone()).await.unwrap();
    assert_eq!(customers::by_name(&store, " acme ärzte ").unwrap(), Some(acme));
    assert_eq!(by_domain("acme.test"), Some(1));

    let taken = put_customer(&store, customer(2, "Other", &["acme.test"])).await;
    let domain = DomainPattern::parse("acme.test").unwrap();
    assert_eq!(taken, Err(DirectoryError::DomainTaken { domain, owner: CustomerId(1) }));

    put_customer(&store, customer(1, "Acme 2", &["acme.example"])).await.unwrap();
    assert_eq!((by_domain("acme.test"), by_domain("acme.example")), (None, Some(1)));
    assert_eq!((by_name("acme ärzte"), by_name("acme 2")), (None, Some(1)));

    let long = "n".repeat(5000);
    put_customer(&store, customer(3, &long, &[])).await.unwrap();
    put_customer(&store, customer(2, &long, &[])).await.unwrap();
    assert_eq!(by_name(&long), Some(2));
    assert_eq!(customers::list(&store, Some(CustomerId(1)), 9).unwrap().len(), 2);
    assert_eq!(counters::read(&store).unwrap().customers, 3);
}

#[tokio::test]
async fn the_longest_domain_finds_its_customer() {
    let (_folder, store) = store();
    let owner = |text| customers::by_domain(&store, &Domain::parse(text).unwrap()).unwrap().map(|found| found.id.0);
    put_customer(&store, customer(1, "Group", &["*.acme.example"])).await.unwrap();
    put_customer(&store, customer(2, "IT", &["*.it.acme.example"])).await.unwrap();
    put_customer(&store, customer(3, "Mail", &["mx.it.acme.example", "acme.example"])).await.unwrap();
    for (domain, want) in [
        ("sales.acme.example", Some(1)),
        ("it.acme.example", Some(2)),
        ("a.b.it.acme.example", Some(2)),
        ("mx.it.acme.example", Some(3)),
        ("acme.example", Some(3)),
        ("notacme.example", None),
    ] {
        assert_eq!(owner(domain), want, "{domain}");
    }
}

#[tokio::test]
async fn a_merged_contact_is_found_by_either_number() {
    let (_folder, store) = store();
    for contact in [contact(1, &["a@x.de"]), contact(2, &["b@x.de", "c@x.de"]), contact(3, &["d@x.de"])] {
        put_contact(&store, contact).await.unwrap();
    }
    let merged = contact(1, &["a@x.de", "b@x.de", "c@x.de"]);
    let (kept, gone) = (merged.clone(), contact(2, &["b@x.de", "c@x.de"]));
    store.write(move |tx: &mut Transaction<'_>| contacts::merge(tx, &kept, &gone)).await.unwrap();
    assert_eq!(contacts::get(&store, ContactId(2)).unwrap(), Some(merged.clone()));
    assert_eq!(owner(&store, "C@x.de"), Some(1));
    assert_eq!(counters::read(&store).unwrap().contacts, 2);
    assert_eq!(contacts::list(&store, None, 9).unwrap().len(), 2);
    // Whoever was merged follows when the other is merged in turn.
    let (kept, gone) = (contact(3, &["d@x.de", "a@x.de", "b@x.de", "c@x.de"]), merged);
    store.write(move |tx: &mut Transaction<'_>| contacts::merge(tx, &kept, &gone)).await.unwrap();
    assert_eq!(contacts::get(&store, ContactId(2)).unwrap().map(|found| found.id.0), Some(3));
}

#[tokio::test]
async fn blocks_are_found_by_whom_they_cover() {
    let (_folder, store) = store();
    let block =
        |who: &str, expires| Block { who: Blocked::parse(who).unwrap(), reason: "abuse".into(), since: at(1), expires };
    let all = [block("Eve@x.de", Some(at(9))), block("x.de", None), block("*.y.de", None)];
    for one in all.clone() {
        store.write(move |tx: &mut Transaction<'_>| blocks::put(tx, &one)).await.unwrap();
    }
    let covering = |text| {
        let found = blocks::covering(&store, &address(text)).unwrap();
        found.into_iter().map(|block| block.who.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(covering("EVE+news@x.de"), ["Eve@x.de", "x.de"]);
    assert_eq!(covering("bob@mx.y.de"), ["*.y.de"]);
    assert_eq!(covering("bob@z.de"), [""; 0]);
    assert_eq!(blocks::get(&store, &all[0].who).unwrap().as_ref(), Some(&all[0]));
    let listed = blocks::list(&store, None, 2).unwrap();
    let rest = blocks::list(&store, listed.last().map(|last| &last.who), 9).unwrap();
    assert_eq!((listed.len(), rest.len()), (2, 1));
    let gone = all[1].who.clone();
    store.write(move |tx: &mut Transaction<'_>| blocks::delete(tx, &gone)).await.unwrap();
    assert_eq!(covering("bob@x.de"), [""; 0]);
}

#[tokio::test]
async fn a_mail_finds_the_tickets_it_belongs_to() {
    let (_folder, store) = store();
    let entry = |kind, id: &str| Entry {
        message_id: Some(id.to_owned()),
        ..Entry::new(Author::System, kind, "x".into(), at(1))
    };
    let found = |id| threads::find(&store, id, 9).unwrap().into_iter().map(|number| number.0).collect::<Vec<_>>();
    for (ticket, entry) in [
        (1, entry(EntryKind::Comment, "a@x")),
        (2, entry(EntryKind::Comment, "a@x")),
        (3, entry(EntryKind::UnverifiedNote, "eve@x")),
    ] {
        let ticket = TicketNumber(ticket);
        store.write(move |tx: &mut Transaction<'_>| entries::put(tx, ticket, &entry)).await.unwrap();
    }
    assert_eq!(found("a@x"), [2, 1]);
    assert_eq!((found("eve@x"), found("a@")), (vec![], vec![]));
}
