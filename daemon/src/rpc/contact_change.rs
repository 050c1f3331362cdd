//! What people change about contacts: their addresses, their language, and that two of them are one person.

use super::fault::{Fault, found};
use super::once::once;
use super::parts::RpcParts;
use super::rehearsal::rehearse;
use super::views::contact_row;
use crate::store::kv::Transaction;
use crate::store::{audit, contacts, events};
use maildesk_core::address::Address;
use maildesk_core::directory::Contact;
use maildesk_core::event::DomainEvent;
use maildesk_core::language::Language;
use maildesk_core::rpc::{ContactAction, ContactKey, ContactRow, RequestKey, RpcError};
use maildesk_core::settings::FieldProblem;

/// Addresses of one contact at the most.
const ADDRESSES_MOST: usize = 100;

pub(super) async fn act(
    parts: &RpcParts,
    user: String,
    who: ContactKey,
    action: ContactAction,
    key: RequestKey,
) -> Result<ContactRow, Fault> {
    let dry_run = matches!(action, ContactAction::Merge { dry_run: true, .. });
    let work = move |tx: &mut Transaction<'_>| {
        let contact = get(tx, &who)?;
        match action {
            ContactAction::AddAddress { address } => add_address(tx, contact, &checked(&address)?),
            ContactAction::RemoveAddress { address } => remove_address(tx, contact, &checked(&address)?),
            ContactAction::Merge { gone, .. } => {
                let gone = found(contacts::get(tx, gone)?, "contact", gone)?;
                merge(tx, contact, &gone)
            }
            ContactAction::Language { language } => {
                let changed = Contact { language, ..contact };
                contacts::put(tx, &changed)?;
                let tag = language.map_or("none", Language::tag);
                Ok((changed.clone(), format!("set the language of contact {} to {tag}", changed.id)))
            }
        }
    };
    match dry_run {
        true => rehearse(&parts.store, move |tx| work(tx).and_then(|(contact, _)| contact_row(tx, contact))).await,
        false => change(parts, user, key, work).await,
    }
}

/// The changed contact, with what happened in words.
type Changed = Result<(Contact, String), Fault>;

fn add_address(tx: &mut Transaction<'_>, contact: Contact, address: &Address) -> Changed {
    if contact.owns(address) {
        return Err(refused(format!("{address} is the contact's already"), "nothing is to be done"));
    }
    if let Some(owner) = contacts::by_address(tx, address)? {
        let remedy = format!("if both are one person: maildesk contact merge {} {}", contact.id, owner.id);
        return Err(refused(format!("{address} belongs to contact {}", owner.id), &remedy));
    }
    if contact.addresses.len() >= ADDRESSES_MOST {
        return Err(refused(format!("the contact has {ADDRESSES_MOST} already"), "remove one that is out of use"));
    }
    let mut changed = contact;
    changed.addresses.push(address.clone());
    contacts::put(tx, &changed)?;
    let what = format!("gave contact {} the address {address}", changed.id);
    Ok((changed, what))
}

fn remove_address(tx: &mut Transaction<'_>, contact: Contact, address: &Address) -> Changed {
    if !contact.owns(address) {
        let theirs: Vec<&str> = contact.addresses.iter().map(Address::as_str).collect();
        return Err(refused(format!("{address} is not the contact's"), &format!("it has {}", theirs.join(", "))));
    }
    let mut changed = contact;
    changed.addresses.retain(|own| own.key() != address.key());
    if changed.addresses.is_empty() {
        return Err(refused(
            format!("{address} is the only one"),
            "a contact keeps at least one address: add another before",
        ));
    }
    contacts::put(tx, &changed)?;
    let what = format!("took the address {address} from contact {}", changed.id);
    Ok((changed, what))
}

/// Makes one contact of two: the first has the addresses of both, and what belongs to the second belongs to it.
fn merge(tx: &mut Transaction<'_>, first: Contact, second: &Contact) -> Changed {
    if first.id == second.id {
        let problem = format!("both are one contact already, number {}", first.id);
        return Err(refused_at("contacts", problem, "give two contacts of contact list"));
    }
    let addresses: Vec<Address> = first.addresses.iter().chain(&second.addresses).cloned().collect();
    if addresses.len() > ADDRESSES_MOST {
        let problem = format!("both have {} addresses together", addresses.len());
        return Err(refused_at(
            "contacts",
            problem,
            &format!("a contact has {ADDRESSES_MOST} at the most: remove some before"),
        ));
    }
    let merged = Contact {
        name: first.name.clone().or_else(|| second.name.clone()),
        customer: first.customer.or(second.customer),
        language: first.language.or(second.language),
        confirmed: first.confirmed.or(second.confirmed),
        created: first.created.min(second.created),
        addresses,
        ..first
    };
    contacts::merge(tx, &merged, second)?;
    let what = format!("merged contact {} into contact {}", second.id, merged.id);
    Ok((merged, what))
}

/// One change of one contact, in one commit, with what happened in words.
async fn change(
    parts: &RpcParts,
    user: String,
    key: RequestKey,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<(Contact, String), Fault> + Send + 'static,
) -> Result<ContactRow, Fault> {
    let now = parts.clock.now();
    let work = move |tx: &mut Transaction<'_>| -> Result<ContactRow, Fault> {
        let (contact, what) = work(tx)?;
        audit::append(tx, now, &user, &what)?;
        events::append(tx, now, DomainEvent::ContactChanged { contact: contact.id, what, by: user })?;
        contact_row(tx, contact)
    };
    let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    Ok(answer)
}

fn get(tx: &Transaction<'_>, who: &ContactKey) -> Result<Contact, Fault> {
    match who {
        ContactKey::Id(id) => found(contacts::get(tx, *id)?, "contact", id),
        ContactKey::Address(text) => found(contacts::by_address(tx, &checked(text)?)?, "contact", text),
    }
}

fn checked(text: &str) -> Result<Address, Fault> {
    Address::parse(text).map_err(|problem| refused(format!("{text} {problem}"), "write name@domain"))
}

fn refused(problem: String, remedy: &str) -> Fault {
    refused_at("address", problem, remedy)
}

fn refused_at(field: &str, problem: String, remedy: &str) -> Fault {
    let problem = FieldProblem { field: field.into(), problem, remedy: remedy.into() };
    RpcError::Invalid(vec![problem]).into()
}
