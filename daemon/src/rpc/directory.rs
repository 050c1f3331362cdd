//! Contacts and customers: lists and imports.

use super::customer_change::own_domain;
use super::fault::{Fault, found, read};
use super::once::once;
use super::parts::RpcParts;
use super::rehearsal::rehearse;
use super::views::{contact_row, customer_row, rows, to_read};
use crate::store::counters::{self, Counter};
use crate::store::kv::Transaction;
use crate::store::{audit, contacts, customers, events};
use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::directory::{Contact, Customer, customer_domain};
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::{ContactId, CustomerId};
use maildesk_core::rpc::{
    ContactImport, ContactRow, CustomerImport, CustomerRow, Imported, RequestKey, Rows, RpcError, Window,
};
use maildesk_core::settings::FieldProblem;
use maildesk_core::text::clean_line;

/// Rows of one import call at the most: they are one commit.
const ROWS_AT_ONCE: usize = 500;

pub(super) async fn contact_list(parts: &RpcParts, window: Window) -> Result<Rows<ContactRow>, Fault> {
    read(&parts.store, move |store| {
        let read = contacts::list(store, window.after.map(ContactId), to_read(window))?;
        let read = read.into_iter().map(|contact| contact_row(store, contact)).collect::<Result<Vec<_>, _>>()?;
        Ok(rows(read, window, |row| row.id.0))
    })
    .await
}

pub(super) async fn contact(parts: &RpcParts, id: ContactId) -> Result<ContactRow, Fault> {
    read(&parts.store, move |store| contact_row(store, found(contacts::get(store, id)?, "contact", id)?)).await
}

pub(super) async fn customer_list(parts: &RpcParts, window: Window) -> Result<Rows<CustomerRow>, Fault> {
    read(&parts.store, move |store| {
        let read = customers::list(store, window.after.map(CustomerId), to_read(window))?;
        Ok(rows(read.into_iter().map(customer_row).collect(), window, |row| row.id.0))
    })
    .await
}

pub(super) async fn customer(parts: &RpcParts, id: CustomerId) -> Result<CustomerRow, Fault> {
    read(&parts.store, move |store| Ok(customer_row(found(customers::get(store, id)?, "customer", id)?))).await
}

pub(super) async fn import_contacts(
    parts: &RpcParts,
    user: String,
    rows: Vec<ContactImport>,
    dry_run: bool,
    key: RequestKey,
) -> Result<Imported, Fault> {
    let now = parts.clock.now();
    import(parts, user, rows, dry_run, key, move |tx, row| import_contact(tx, row, now), true).await
}

pub(super) async fn import_customers(
    parts: &RpcParts,
    user: String,
    rows: Vec<CustomerImport>,
    dry_run: bool,
    key: RequestKey,
) -> Result<Imported, Fault> {
    let now = parts.clock.now();
    import(parts, user, rows, dry_run, key, move |tx, row| import_customer(tx, row, now), false).await
}

/// What one row did.
enum Change {
    Added,
    Changed,
    Unchanged,
}

/// Imports rows in one commit, or none of them: every row's problem is listed first. A dry run does the same work and
/// discards it.
async fn import<R: Send + 'static>(
    parts: &RpcParts,
    user: String,
    rows: Vec<R>,
    dry_run: bool,
    key: RequestKey,
    one: impl Fn(&mut Transaction<'_>, R) -> Result<Change, RowFault> + Send + 'static,
    of_contacts: bool,
) -> Result<Imported, Fault> {
    if rows.len() > ROWS_AT_ONCE {
        return Err(RpcError::Rejected(format!("more than {ROWS_AT_ONCE} rows in one call")).into());
    }
    let now = parts.clock.now();
    if dry_run {
        return rehearse(&parts.store, move |tx: &mut Transaction<'_>| import_rows(tx, rows, one)).await;
    }
    let work = move |tx: &mut Transaction<'_>| {
        let imported = import_rows(tx, rows, one)?;
        let written = imported.added + imported.changed;
        if written > 0 {
            let (contacts, customers) = if of_contacts { (written, 0) } else { (0, written) };
            audit::append(tx, now, &user, &format!("imported {contacts} contacts, {customers} customers"))?;
            events::append(tx, now, DomainEvent::DirectoryImported { contacts, customers, by: user })?;
        }
        Ok(imported)
    };
    let imported = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    Ok(imported)
}

fn import_rows<R>(
    tx: &mut Transaction<'_>,
    rows: Vec<R>,
    one: impl Fn(&mut Transaction<'_>, R) -> Result<Change, RowFault>,
) -> Result<Imported, Fault> {
    let (mut imported, mut problems) = (Imported::default(), Vec::new());
    for row in rows {
        match one(tx, row) {
            Ok(Change::Added) => imported.added += 1,
            Ok(Change::Changed) => imported.changed += 1,
            Ok(Change::Unchanged) => imported.unchanged += 1,
            Err(RowFault::Row(problem)) => problems.push(problem),
            Err(RowFault::Fault(fault)) => return Err(fault),
        }
    }
    if problems.is_empty() { Ok(imported) } else { Err(RpcError::Invalid(problems).into()) }
}

enum RowFault {
    Row(FieldProblem),
    Fault(Fault),
}

impl<E: Into<Fault>> From<E> for RowFault {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

fn row_problem(line: u32, field: &str, problem: impl ToString, remedy: &str) -> RowFault {
    RowFault::Row(FieldProblem {
        field: format!("line {line}: {field}"),
        problem: problem.to_string(),
        remedy: remedy.to_owned(),
    })
}

fn import_contact(tx: &mut Transaction<'_>, row: ContactImport, now: Timestamp) -> Result<Change, RowFault> {
    let mut addresses = Vec::new();
    for text in &row.addresses {
        let address = Address::parse(text);
        addresses.push(address.map_err(|error| row_problem(row.line, "addresses", error, "write name@domain"))?);
    }
    let Some(first) = addresses.first() else {
        return Err(row_problem(row.line, "addresses", "is empty", "give at least one address"));
    };
    let name = Some(clean_line(&row.name)).filter(|name| !name.is_empty());
    let mut known = None;
    for address in &addresses {
        if let Some(owner) = contacts::by_address(tx, address)? {
            if known.as_ref().is_some_and(|known: &Contact| known.id != owner.id) {
                let problem = format!("{address} belongs to another contact, {}", owner.id);
                return Err(row_problem(row.line, "addresses", problem, "give each contact a line of its own"));
            }
            known = Some(owner);
        }
    }
    let customer = customer_of(tx, &row, first, known.as_ref())?;
    let Some(known) = known else {
        let id = ContactId(counters::next(tx, Counter::Contact)?);
        let (language, confirmed) = (None, None);
        contacts::put(tx, &Contact { id, name, addresses, customer, language, confirmed, created: now })?;
        return Ok(Change::Added);
    };
    let mut changed = known.clone();
    changed.name = name.or(changed.name);
    changed.customer = customer.or(changed.customer);
    let new: Vec<Address> = addresses.into_iter().filter(|address| !known.owns(address)).collect();
    changed.addresses.extend(new);
    if changed == known {
        return Ok(Change::Unchanged);
    }
    contacts::put(tx, &changed)?;
    Ok(Change::Changed)
}

/// The customer that a row names. Without a name a new contact is found one by its domain, and a known one keeps what
/// it has: so an export can be imported again and changes nothing.
fn customer_of(
    tx: &Transaction<'_>,
    row: &ContactImport,
    first: &Address,
    known: Option<&Contact>,
) -> Result<Option<CustomerId>, RowFault> {
    let name = row.customer.trim();
    let had = known.and_then(|known| known.customer);
    if name.is_empty() {
        let domain = customer_domain(first).filter(|_| known.is_none());
        let owner = domain.map(|domain| customers::by_domain(tx, &domain)).transpose()?.flatten();
        return Ok(owner.map(|owner| owner.id).or(had));
    }
    // Names need not be unique: the contact's own customer is meant where it has that name.
    let own = had.map(|id| customers::get(tx, id)).transpose()?.flatten();
    if own.is_some_and(|own| own.name.to_lowercase() == name.to_lowercase()) {
        return Ok(had);
    }
    let missing = || row_problem(row.line, "customer", "no customer has this name", "import customers first");
    Ok(Some(customers::by_name(tx, name)?.ok_or_else(missing)?.id))
}

fn import_customer(tx: &mut Transaction<'_>, row: CustomerImport, now: Timestamp) -> Result<Change, RowFault> {
    let name = clean_line(&row.name);
    if name.is_empty() {
        return Err(row_problem(row.line, "name", "is empty", "give the organisation's name"));
    }
    let known = customers::by_name(tx, &name)?;
    let mut domains = known.as_ref().map(|known| known.domains.clone()).unwrap_or_default();
    for text in &row.domains {
        let domain = own_domain(tx, text, known.as_ref().map(|known| known.id))?;
        let domain = domain.map_err(|(problem, remedy)| row_problem(row.line, "domains", problem, remedy))?;
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    match known {
        Some(known) if known.domains == domains => Ok(Change::Unchanged),
        Some(known) => {
            customers::put(tx, &Customer { domains, ..known })?;
            Ok(Change::Changed)
        }
        None => {
            let id = CustomerId(counters::next(tx, Counter::Customer)?);
            customers::put(tx, &Customer { id, name, domains, created: now })?;
            Ok(Change::Added)
        }
    }
}
