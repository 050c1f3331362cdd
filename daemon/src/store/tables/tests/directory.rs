//! Contacts by address and customers by domain and name stay right through changes.

use super::samples::*;
use super::store;
use crate::store::*;
use maildesk_core::address::Domain;
use maildesk_core::directory::{Contact, Customer};
use maildesk_core::ids::*;

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
    let domain = Domain::parse("acme.test").unwrap();
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
