//! Saving and removing macros: all of a call or none of it.

use super::super::fault::Fault;
use super::super::once::once;
use super::super::parts::RpcParts;
use super::super::rehearsal::rehearse;
use super::super::ticket_actions::refuse_strangers;
use crate::store::kv::Transaction;
use crate::store::{audit, events, macros};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::Revision;
use maildesk_core::macros::{Macro, SavedMacro, check};
use maildesk_core::rpc::{MacroChange, MacroChanged, MacroFate, RequestKey, RpcError};
use maildesk_core::settings::FieldProblem;

/// Macros of one call at the most: they are one commit.
const MOST_CHANGES: usize = 200;
/// Macros that are kept at the most.
const MOST_MACROS: usize = 1000;

pub(in super::super) async fn change(
    parts: &RpcParts,
    user: String,
    changes: Vec<MacroChange>,
    dry_run: bool,
    key: RequestKey,
) -> Result<Vec<MacroChanged>, Fault> {
    if changes.is_empty() || changes.len() > MOST_CHANGES {
        return Err(RpcError::Rejected(format!("give 1 to {MOST_CHANGES} macros")).into());
    }
    refuse_broken(&changes)?;
    // Who "me" is turns out when it is applied.
    let named = changes.iter().filter_map(|change| change.to.as_ref()).filter(|to| to.assign.as_deref() != Some("me"));
    let assigned = named.filter_map(|to| to.assignment(&user));
    refuse_strangers(&parts.active.borrow(), &assigned.collect::<Vec<_>>())?;
    let now = parts.clock.now();
    let work = move |tx: &mut Transaction<'_>| {
        let changed = changes.into_iter().map(|change| one(tx, &user, change, now)).collect::<Result<Vec<_>, _>>()?;
        match macros::list(tx, None, MOST_MACROS + 1)?.len() > MOST_MACROS {
            true => Err(RpcError::Rejected(format!("there would be more than {MOST_MACROS} macros")).into()),
            false => Ok(changed),
        }
    };
    if dry_run {
        return rehearse(&parts.store, work).await;
    }
    let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    Ok(answer)
}

fn refuse_broken(changes: &[MacroChange]) -> Result<(), Fault> {
    let wanted = changes.iter().filter_map(|change| change.to.as_ref());
    let problems: Vec<FieldProblem> = wanted.filter_map(|content| check(content).err()).flatten().collect();
    if problems.is_empty() { Ok(()) } else { Err(RpcError::Invalid(problems).into()) }
}

pub(super) fn one(
    tx: &mut Transaction<'_>,
    user: &str,
    change: MacroChange,
    now: Timestamp,
) -> Result<MacroChanged, Fault> {
    let MacroChange { name, to, seen } = change;
    let before = macros::get(tx, &name)?;
    let is = before.as_ref().map_or(Revision(0), |before| before.revision);
    if let Some(seen) = seen.filter(|seen| *seen != is) {
        return Err(RpcError::Conflict { seen, now: is }.into());
    }
    let (what, revision) = match (before, to) {
        (None, None) => return Err(Fault::not_found("macro", name)),
        (Some(before), Some(to)) if before.content == to => (MacroFate::Unchanged, is),
        (Some(_), None) => {
            macros::remove(tx, &name)?;
            (MacroFate::Removed, is)
        }
        (before, Some(to)) => {
            let revision = Revision(is.0 + 1);
            let content = Macro { name: name.clone(), ..to };
            macros::put(tx, &SavedMacro { revision, at: now, by: user.to_owned(), content })?;
            (if before.is_some() { MacroFate::Changed } else { MacroFate::Added }, revision)
        }
    };
    if what != MacroFate::Unchanged {
        audit::append(tx, now, user, &format!("{} macro {name}, revision {revision}", what.word()))?;
        let (removed, by) = (what == MacroFate::Removed, user.to_owned());
        events::append(tx, now, DomainEvent::MacroChanged { name: name.clone(), revision, removed, by })?;
    }
    Ok(MacroChanged { name, what, revision })
}
