//! Contacts by id and by each of their addresses.

use maildesk_core::address::Address;
use maildesk_core::directory::Contact;
use maildesk_core::ids::ContactId;

use super::counters::{self, Tally};
use super::prefix::{CONTACTS, CONTACTS_BY_ADDRESS, CONTACTS_MERGED};
use super::rows;
use crate::store::error::{DirectoryError, StoreError};
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::ContactRecord;

/// The contact of this id, or the one that it was merged into.
pub fn get(read: &(impl Read + ?Sized), id: ContactId) -> Result<Option<Contact>, StoreError> {
    let mut number = id.0;
    loop {
        if let Some(found) = rows::load::<ContactRecord, Contact>(read, CONTACTS, &CONTACTS.number(number))? {
            return Ok(Some(found));
        }
        // Who was merged has no record any more, and nobody is merged into one without: this comes to an end.
        match rows::number(read, CONTACTS_MERGED, &CONTACTS_MERGED.number(number))? {
            Some(into) => number = into,
            None => return Ok(None),
        }
    }
}

/// Makes one contact of two. `kept` is as it is to be from now on; whatever names `gone` finds it.
///
/// # Errors
/// As of [`put`].
pub fn merge(tx: &mut Transaction<'_>, kept: &Contact, gone: &Contact) -> Result<(), DirectoryError> {
    for address in &gone.addresses {
        tx.delete(&index_key(address))?;
    }
    tx.delete(&CONTACTS.number(gone.id.0))?;
    counters::one_less(tx, Tally::Contacts)?;
    tx.put(&CONTACTS_MERGED.number(gone.id.0), &kept.id.0.to_be_bytes())?;
    put(tx, kept)
}

/// Writes a contact whose id was just given.
///
/// # Errors
/// [`DirectoryError::AddressTaken`]; then nothing was written and the job may go on.
pub fn add(tx: &mut Transaction<'_>, contact: &Contact) -> Result<(), DirectoryError> {
    let new_keys = free_keys(tx, contact)?;
    counters::one_more(tx, Tally::Contacts)?;
    for key in new_keys {
        tx.put(&key, &contact.id.0.to_be_bytes())?;
    }
    rows::add(tx, CONTACTS, &CONTACTS.number(contact.id.0), &ContactRecord::from(contact.clone()))?;
    Ok(())
}

/// Writes a new contact or replaces the one of this id.
///
/// # Errors
/// As of [`add`].
pub fn put(tx: &mut Transaction<'_>, contact: &Contact) -> Result<(), DirectoryError> {
    let Some(previous) = get(tx, contact.id)? else { return add(tx, contact) };
    let new_keys = free_keys(tx, contact)?;
    let keys: Vec<Vec<u8>> = contact.addresses.iter().map(index_key).collect();
    for gone in previous.addresses.iter().map(index_key).filter(|key| !keys.contains(key)) {
        tx.delete(&gone)?;
    }
    for key in new_keys {
        tx.put(&key, &contact.id.0.to_be_bytes())?;
    }
    rows::save(tx, CONTACTS, &CONTACTS.number(contact.id.0), &ContactRecord::from(contact.clone()))?;
    Ok(())
}

/// Whose address it is; upper and lower case are the same.
pub fn by_address(read: &(impl Read + ?Sized), address: &Address) -> Result<Option<Contact>, StoreError> {
    match rows::number(read, CONTACTS_BY_ADDRESS, &index_key(address))? {
        Some(id) => get(read, ContactId(id)),
        None => Ok(None),
    }
}

/// Contacts by ascending id.
pub fn list(read: &(impl Read + ?Sized), after: Option<ContactId>, limit: usize) -> Result<Vec<Contact>, StoreError> {
    rows::oldest::<ContactRecord, Contact>(read, CONTACTS, after.map(|id| id.0), limit)
}

/// The keys of those addresses of a contact that are nobody's so far.
fn free_keys(read: &impl Read, contact: &Contact) -> Result<Vec<Vec<u8>>, DirectoryError> {
    let mut free = Vec::new();
    for address in &contact.addresses {
        let key = index_key(address);
        match rows::number(read, CONTACTS_BY_ADDRESS, &key)? {
            Some(owner) if owner == contact.id.0 => {}
            Some(owner) => {
                return Err(DirectoryError::AddressTaken { address: address.clone(), owner: ContactId(owner) });
            }
            None => free.push(key),
        }
    }
    Ok(free)
}

fn index_key(address: &Address) -> Vec<u8> {
    CONTACTS_BY_ADDRESS.key(&[address.key().as_bytes()])
}
