//! Addresses that are not written to.

use super::fault::{Fault, found, read};
use super::limited::{self, cut, to_read};
use super::once::once;
use super::parts::RpcParts;
use crate::store::kv::Transaction;
use crate::store::{audit, events, suppressions};
use maildesk_core::address::Address;
use maildesk_core::event::DomainEvent;
use maildesk_core::outbox::Suppression;
use maildesk_core::rpc::{RequestKey, RpcError, SuppressionRows};

pub(super) async fn list(parts: &RpcParts, after: Option<String>, limit: u32) -> Result<SuppressionRows, Fault> {
    let after = after.map(|text| checked(&text)).transpose()?;
    read(&parts.store, move |store| {
        let rows = suppressions::list(store, after.as_ref(), to_read(limit))?;
        let (rows, next) = cut(rows, limit, |row| row.address.to_string());
        Ok(SuppressionRows { rows, next })
    })
    .await
}

pub(super) async fn add(
    parts: &RpcParts,
    user: String,
    address: String,
    reason: String,
    days: Option<u32>,
    key: RequestKey,
) -> Result<Suppression, Fault> {
    let now = parts.clock.now();
    let address = checked(&address)?;
    let (reason, expires) = (limited::reason(&reason)?, limited::expires(days, now)?);
    let work = move |tx: &mut Transaction<'_>| -> Result<Suppression, Fault> {
        let suppression = Suppression { address, reason, since: now, expires };
        suppressions::put(tx, &suppression)?;
        audit::append(tx, now, &user, &format!("suppressed {}", suppression.address))?;
        let (address, reason) = (suppression.address.to_string(), suppression.reason.clone());
        events::append(tx, now, DomainEvent::AddressSuppressed { address, reason, by: user })?;
        Ok(suppression)
    };
    let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    Ok(answer)
}

pub(super) async fn remove(parts: &RpcParts, user: String, address: String, key: RequestKey) -> Result<(), Fault> {
    let now = parts.clock.now();
    let address = checked(&address)?;
    let work = move |tx: &mut Transaction<'_>| -> Result<(), Fault> {
        let known = found(suppressions::get(tx, &address)?, "suppressed address", &address)?;
        suppressions::delete(tx, &known.address)?;
        audit::append(tx, now, &user, &format!("allowed mail to {address} again"))?;
        let address = address.to_string();
        events::append(tx, now, DomainEvent::SuppressionRemoved { address, by: user })?;
        Ok(())
    };
    parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    Ok(())
}

fn checked(text: &str) -> Result<Address, Fault> {
    Address::parse(text).map_err(|problem| RpcError::Rejected(format!("the address {problem}")).into())
}
