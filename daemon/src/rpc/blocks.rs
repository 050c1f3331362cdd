//! The block list: whose mail is dropped.

use super::fault::{Fault, found, read};
use super::limited::{cut, expires, reason, to_read};
use super::once::once;
use super::parts::RpcParts;
use crate::store::kv::Transaction;
use crate::store::{audit, blocks, events};
use maildesk_core::address::Address;
use maildesk_core::directory::{Block, Blocked, is_free_mail};
use maildesk_core::event::DomainEvent;
use maildesk_core::rpc::{BlockRows, RequestKey, RpcError};
use maildesk_core::settings::{FieldProblem, Settings};

pub(super) async fn list(parts: &RpcParts, after: Option<String>, limit: u32) -> Result<BlockRows, Fault> {
    let after = after.map(|text| checked(&text)).transpose()?;
    read(&parts.store, move |store| {
        let rows = blocks::list(store, after.as_ref(), to_read(limit))?;
        let (rows, next) = cut(rows, limit, |row| row.who.to_string());
        Ok(BlockRows { rows, next })
    })
    .await
}

pub(super) async fn add(
    parts: &RpcParts,
    user: String,
    who: String,
    why: String,
    days: Option<u32>,
    key: RequestKey,
) -> Result<Block, Fault> {
    let now = parts.clock.now();
    let who = checked(&who)?;
    let (reason, expires) = (reason(&why)?, expires(days, now)?);
    refuse_ours(&parts.active.borrow().settings, &who)?;
    let work = move |tx: &mut Transaction<'_>| -> Result<Block, Fault> {
        let block = Block { who, reason, since: now, expires };
        blocks::put(tx, &block)?;
        audit::append(tx, now, &user, &format!("blocked {}", block.who))?;
        let (who, reason) = (block.who.to_string(), block.reason.clone());
        events::append(tx, now, DomainEvent::PersonBlocked { who, reason, by: user })?;
        Ok(block)
    };
    let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    Ok(answer)
}

pub(super) async fn remove(parts: &RpcParts, user: String, who: String, key: RequestKey) -> Result<(), Fault> {
    let now = parts.clock.now();
    let who = checked(&who)?;
    let work = move |tx: &mut Transaction<'_>| -> Result<(), Fault> {
        let known = found(blocks::get(tx, &who)?, "blocked address or domain", &who)?;
        blocks::delete(tx, &known.who)?;
        audit::append(tx, now, &user, &format!("took {who} off the block list"))?;
        events::append(tx, now, DomainEvent::PersonUnblocked { who: who.to_string(), by: user })?;
        Ok(())
    };
    parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    Ok(())
}

fn checked(text: &str) -> Result<Blocked, Fault> {
    Blocked::parse(text).map_err(|problem| {
        refused(problem.to_string(), "give an address, a domain such as spam.example, or *.spam.example")
    })
}

/// Nobody is locked out by accident: neither the desk itself, nor its agents, nor half the world.
fn refuse_ours(settings: &Settings, who: &Blocked) -> Result<(), Fault> {
    let own = settings.own_addresses();
    let own = own.iter().filter_map(|text| Address::parse(text).ok());
    if let Some(ours) = own.into_iter().find(|address| who.covers(address)) {
        return Err(refused(format!("would block the desk's own {ours}"), "give the address alone"));
    }
    let agents = settings.agents.iter().flat_map(|agent| &agent.addresses);
    if let Some(agent) = agents.into_iter().find(|address| who.covers(address)) {
        return Err(refused(format!("would block the agent's {agent}"), "give the address alone"));
    }
    match who {
        Blocked::Domain(pattern) if is_free_mail(&pattern.domain) => {
            let problem = format!("{} is a free-mail domain: anybody can have an address there", pattern.domain);
            Err(refused(problem, "block the addresses one by one, or use a filter"))
        }
        _ => Ok(()),
    }
}

fn refused(problem: String, remedy: &str) -> Fault {
    let problem = FieldProblem { field: "who".into(), problem, remedy: remedy.into() };
    RpcError::Invalid(vec![problem]).into()
}
