//! From records to what travels.

use super::fault::Fault;
use super::sla::brief;
use crate::outbox::Sending;
use crate::store::kv::Read;
use crate::store::{contacts, customers};
use jiff::Timestamp;
use maildesk_core::directory::{Contact, Customer};
use maildesk_core::outbox::OutboxEntry;
use maildesk_core::route::JudgedMail;
use maildesk_core::rpc::{ContactRow, CustomerRow, EntryView, MAX_ROWS, MailRow, OutboxRow, Rows, TicketRow, Window};
use maildesk_core::ticket::{Entry, Ticket};

/// The number of rows to read for a window: one more than asked, to know whether there is more.
pub(super) fn to_read(window: Window) -> usize {
    window.limit.clamp(1, MAX_ROWS) as usize + 1
}

/// Cuts what was read to what was asked for.
pub(super) fn rows<T>(mut read: Vec<T>, window: Window, cursor: impl Fn(&T) -> u64) -> Rows<T> {
    let more = read.len() >= to_read(window);
    if more {
        read.pop();
    }
    let next = if more { read.last().map(cursor) } else { None };
    Rows { rows: read, next }
}

pub(super) fn ticket_row(store: &impl Read, ticket: &Ticket) -> Result<TicketRow, Fault> {
    let contact = contacts::get(store, ticket.contact)?;
    let customer = ticket.customer.map(|id| customers::get(store, id)).transpose()?.flatten();
    Ok(TicketRow {
        number: ticket.number,
        subject: ticket.subject.clone(),
        status: ticket.status,
        priority: ticket.priority,
        contact: contact.map(|contact| contact.display().to_owned()).unwrap_or_default(),
        customer: customer.map(|customer| customer.name),
        mailbox: ticket.mailbox.clone(),
        created: ticket.created,
        updated: ticket.updated,
        entries: ticket.in_thread(),
        revision: ticket.revision,
        sla: brief(store, ticket.number)?,
    })
}

pub(super) fn entry_view(entry: Entry) -> EntryView {
    let Entry {
        number,
        at,
        author,
        kind,
        text,
        folds,
        attachments,
        remarks,
        message_id,
        mail,
        raw,
        outbox,
        automatic: _,
        came_from,
    } = entry;
    EntryView { number, at, author, kind, text, folds, attachments, remarks, message_id, mail, raw, outbox, came_from }
}

pub(super) fn outbox_row(entry: &OutboxEntry, sending: &Sending, now: Timestamp) -> OutboxRow {
    OutboxRow {
        id: entry.id,
        kind: entry.kind,
        ticket: entry.ticket,
        sender: entry.sender.clone(),
        to: entry.to.to_string(),
        subject: entry.subject.clone(),
        created: entry.created,
        size: entry.size,
        state: entry.state.clone().at(now),
        attempts: u32::try_from(entry.attempts.len()).unwrap_or(u32::MAX),
        deferrals: entry.deferrals,
        said: entry.attempts.last().map(|attempt| attempt.said.clone()),
        sending: sending.contains(entry.id),
        waits_for: entry.waits_for,
    }
}

pub(super) fn mail_row(mail: JudgedMail) -> MailRow {
    MailRow {
        id: mail.id,
        at: mail.at,
        mailbox: mail.mailbox,
        from: mail.from,
        subject: mail.subject,
        size: mail.size,
        raw: mail.raw,
        outcome: mail.outcome,
    }
}

pub(super) fn contact_row(store: &impl Read, contact: Contact) -> Result<ContactRow, Fault> {
    let customer = contact.customer.map(|id| customers::get(store, id)).transpose()?.flatten();
    Ok(ContactRow {
        id: contact.id,
        name: contact.name,
        addresses: contact.addresses.iter().map(ToString::to_string).collect(),
        customer: contact.customer,
        customer_name: customer.map(|customer| customer.name),
        language: contact.language,
        confirmed: contact.confirmed,
        created: contact.created,
    })
}

pub(super) fn customer_row(customer: Customer) -> CustomerRow {
    CustomerRow {
        id: customer.id,
        name: customer.name,
        domains: customer.domains.iter().map(ToString::to_string).collect(),
        created: customer.created,
    }
}
