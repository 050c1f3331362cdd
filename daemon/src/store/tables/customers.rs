//! Customers by id, by each of their domains and by name.

use maildesk_core::address::Domain;
use maildesk_core::directory::{Customer, DomainPattern};
use maildesk_core::ids::{BlobHash, CustomerId};

use super::counters::{self, Tally};
use super::prefix::{CUSTOMERS, CUSTOMERS_BY_DOMAIN, CUSTOMERS_BY_NAME};
use super::rows;
use crate::store::error::{DirectoryError, StoreError};
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::CustomerRecord;

pub fn get(read: &(impl Read + ?Sized), id: CustomerId) -> Result<Option<Customer>, StoreError> {
    rows::load::<CustomerRecord, Customer>(read, CUSTOMERS, &CUSTOMERS.number(id.0))
}

/// Writes a new customer or replaces the one of this id.
///
/// # Errors
/// [`DirectoryError::DomainTaken`]; then nothing was written and the job may go on.
pub fn put(tx: &mut Transaction<'_>, customer: &Customer) -> Result<(), DirectoryError> {
    let mut new_keys = Vec::new();
    for domain in &customer.domains {
        let key = domain_key(domain);
        match rows::number(tx, CUSTOMERS_BY_DOMAIN, &key)? {
            Some(owner) if owner == customer.id.0 => {}
            Some(owner) => {
                return Err(DirectoryError::DomainTaken { domain: domain.clone(), owner: CustomerId(owner) });
            }
            None => new_keys.push(key),
        }
    }
    let name = name_key(&customer.name, customer.id);
    match get(tx, customer.id)? {
        Some(previous) => {
            for gone in previous.domains.iter().filter(|domain| !customer.domains.contains(domain)) {
                tx.delete(&domain_key(gone))?;
            }
            let previous_name = name_key(&previous.name, customer.id);
            if previous_name != name {
                tx.delete(&previous_name)?;
                tx.put(&name, &[])?;
            }
        }
        None => {
            counters::one_more(tx, Tally::Customers)?;
            tx.put(&name, &[])?;
        }
    }
    for key in new_keys {
        tx.put(&key, &customer.id.0.to_be_bytes())?;
    }
    rows::save(tx, CUSTOMERS, &CUSTOMERS.number(customer.id.0), &CustomerRecord::from(customer.clone()))?;
    Ok(())
}

/// Whose domain it is: the longest match counts, and a domain by itself before one with all below it.
pub fn by_domain(read: &(impl Read + ?Sized), domain: &Domain) -> Result<Option<Customer>, StoreError> {
    if read.is_empty(&CUSTOMERS_BY_DOMAIN.all())? {
        return Ok(None);
    }
    for pattern in DomainPattern::covering(domain) {
        if let Some(owner) = by_pattern(read, &pattern)? {
            return Ok(Some(owner));
        }
    }
    Ok(None)
}

/// Who owns exactly this.
pub fn by_pattern(read: &(impl Read + ?Sized), pattern: &DomainPattern) -> Result<Option<Customer>, StoreError> {
    match rows::number(read, CUSTOMERS_BY_DOMAIN, &domain_key(pattern))? {
        Some(id) => get(read, CustomerId(id)),
        None => Ok(None),
    }
}

/// The customer of this name, upper and lower case and outer spaces aside. Names need not be unique: of several, the
/// one with the lowest id.
pub fn by_name(read: &(impl Read + ?Sized), name: &str) -> Result<Option<Customer>, StoreError> {
    let first = read.scan(&CUSTOMERS_BY_NAME.key(&[&name_hash(name)]), None, 1)?;
    match first.first() {
        Some((key, _)) => get(read, CustomerId(rows::last_number(CUSTOMERS_BY_NAME, key)?)),
        None => Ok(None),
    }
}

/// Customers by ascending id.
pub fn list(read: &(impl Read + ?Sized), after: Option<CustomerId>, limit: usize) -> Result<Vec<Customer>, StoreError> {
    rows::oldest::<CustomerRecord, Customer>(read, CUSTOMERS, after.map(|id| id.0), limit)
}

fn domain_key(pattern: &DomainPattern) -> Vec<u8> {
    CUSTOMERS_BY_DOMAIN.key(&[pattern.to_string().as_bytes()])
}

fn name_key(name: &str, id: CustomerId) -> Vec<u8> {
    CUSTOMERS_BY_NAME.key(&[&name_hash(name), &id.0.to_be_bytes()])
}

/// Names have no longest length, keys have.
fn name_hash(name: &str) -> [u8; 32] {
    BlobHash::of(name.trim().to_lowercase().as_bytes()).0
}
