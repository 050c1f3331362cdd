//! A macro on a ticket: answer, note and changes in one commit, or nothing.

use super::super::fault::{Fault, found};
use super::super::once::once;
use super::super::parts::{Boards, RpcParts};
use super::super::rehearsal::rehearse;
use super::super::ticket_actions::act_on;
use super::super::tickets::{checked, get, reply_terms, write_note, write_reply};
use super::super::views::ticket_row;
use crate::active::Active;
use crate::notify::contact_values;
use crate::store::kv::{Read, Transaction};
use crate::store::{audit, contacts, entries, events, outbox};
use jiff::Timestamp;
use maildesk_core::ids::EntryNumber;
use maildesk_core::macros::check;
use maildesk_core::notification::Values;
use maildesk_core::rpc::{MacroCall, MacroOutcome, MacroReply, ReplyView, RequestKey, RpcError};
use maildesk_core::ticket::{EntryKind, Status, Ticket};
use std::sync::Arc;

/// Lines about one application that are shown at the most.
const MOST_LINES: usize = 100;

pub(in super::super) async fn apply(
    parts: &RpcParts,
    user: String,
    call: MacroCall,
    key: RequestKey,
) -> Result<MacroOutcome, Fault> {
    let (active, now, boards) = (Arc::clone(&parts.active.borrow()), parts.clock.now(), parts.boards.clone());
    let dry_run = call.dry_run;
    let work = move |tx: &mut Transaction<'_>| write_application(tx, &active, &boards, &user, &call, now);
    if dry_run {
        return rehearse(&parts.store, work).await;
    }
    let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    parts.nudges.outbox.notify_waiters();
    Ok(answer)
}

pub(super) fn write_application(
    tx: &mut Transaction<'_>,
    active: &Active,
    boards: &Boards,
    user: &str,
    call: &MacroCall,
    now: Timestamp,
) -> Result<MacroOutcome, Fault> {
    let saved = super::get(tx, &call.name)?;
    if saved.revision != call.seen {
        return Err(RpcError::Conflict { seen: call.seen, now: saved.revision }.into());
    }
    let templates = check(&saved.content).map_err(RpcError::Invalid)?;
    let before = get(tx, call.ticket)?;
    before.refuse_merged()?;
    let values = values(tx, active, &before, user)?;
    let (reply, note) = templates.render(&values).map_err(|error| RpcError::Rejected(error.to_string()))?;
    let reply = match reply {
        Some(text) => Some(send(tx, active, boards, user, &before, text, now)?),
        None => None,
    };
    if let Some(text) = &note {
        write_note(tx, user, call.ticket, checked(text.clone())?, now)?;
    }
    let ticket = get(tx, call.ticket)?;
    act_on(tx, active, user, &ticket, &saved.content.actions(&ticket.status, user), now)?;
    let after = get(tx, call.ticket)?;
    let said = format!("applied macro {}, revision {}, to #{}", call.name, saved.revision, call.ticket);
    audit::append(tx, now, user, &said)?;
    Ok(MacroOutcome { ticket: ticket_row(tx, &after)?, reply, note, changes: changes(tx, &before, &ticket, &after)? })
}

/// What its texts can say: as an answer of this agent to the requester.
fn values(read: &impl Read, active: &Active, ticket: &Ticket, user: &str) -> Result<Values, Fault> {
    let contact = found(contacts::get(read, ticket.contact)?, "contact", ticket.contact)?;
    let Some(address) = contact.addresses.first() else {
        return Err(RpcError::Rejected(format!("the contact of #{} has no address", ticket.number)).into());
    };
    Ok(contact_values(read, active, ticket, &contact, address, Some(user))?.0)
}

fn send(
    tx: &mut Transaction<'_>,
    active: &Active,
    boards: &Boards,
    user: &str,
    ticket: &Ticket,
    text: String,
    now: Timestamp,
) -> Result<MacroReply, Fault> {
    let text = checked(text)?;
    let terms = reply_terms(active, boards, ticket, false, now)?;
    let ReplyView { outbox: id, held_until, .. } =
        write_reply(tx, active, user, ticket, (text.clone(), Vec::new()), terms, now)?;
    let mail = found(outbox::get(tx, id)?, "outbox entry", id)?;
    Ok(MacroReply { to: mail.to.to_string(), subject: mail.subject, text, outbox: id, held_until })
}

/// The lines that the thread got about the ticket itself; an answer opens a new ticket without a line.
fn changes(read: &impl Read, before: &Ticket, answered: &Ticket, after: &Ticket) -> Result<Vec<String>, Fault> {
    let opened = before.status == Status::New && answered.status == Status::Open;
    let added = entries::list(read, after.number, Some(EntryNumber(before.entries)), MOST_LINES)?;
    let lines = added.into_iter().filter(|entry| entry.kind == EntryKind::StatusChange).map(|entry| entry.text);
    Ok(opened.then(|| "new -> open".to_owned()).into_iter().chain(lines).collect())
}
