//! The commit of one mail: look-ups, plan and everything that follows, in one transaction.

use super::agent_reply::{follow_up, send_on};
use super::decide::{Chain, Matter, decide};
use super::invited::answer_invitation;
use super::prepare::{Content, PreparedMail};
use crate::active::Active;
use crate::blob::write_blob;
use crate::notify::{AgentNews, ContactNews, tell_agents, tell_contact};
use crate::outbox::{EnqueueError, Terms, write_bounce};
use crate::store::counters::{self, Counter};
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{DirectoryError, contacts, contents, entries, events, filter_hits, mails, processed, tickets};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::{EntryNumber, EventSeq, MailId, OutboxId};
use maildesk_core::mail::InboundMail;
use maildesk_core::notification::{Doer, Kind};
use maildesk_core::route::{Origin, Plan, PlannedTicket, TraceStep, quarantine, told};
use maildesk_core::settings::{AgentNotice, Mailbox};
use maildesk_core::ticket::{Author, Entry};

#[derive(Debug, thiserror::Error)]
pub(super) enum CommitError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

/// Commits one mail, or finds that it was committed before. Returns its newest event, if it made one.
pub(super) fn commit_mail(
    tx: &mut Transaction<'_>,
    active: &Active,
    mailbox: &Mailbox,
    origin: &Origin,
    prepared: &PreparedMail,
    now: Timestamp,
) -> Result<Option<EventSeq>, CommitError> {
    if processed::find(tx, &origin.mailbox, origin.uid_validity, origin.uid)?.is_some() {
        return Ok(None);
    }
    let mail_id = MailId(counters::next(tx, Counter::Mail)?);
    write_blob(tx, &prepared.raw, false)?;
    match &prepared.content {
        Content::Unreadable { reason } => {
            let mut plan = quarantine(origin, mail_id, reason.clone(), now);
            plan.judged.timing = prepared.timing;
            carry_out(tx, active, mailbox, plan, &[], None, now).map(Some)
        }
        Content::Mail { mail, facts, forwarded, kept, blobs } => {
            let forwarded = forwarded.as_deref();
            let matter = Matter { mail, facts, forwarded, origin, kept, timing: prepared.timing };
            let (plan, fresh) = decide(tx, &Chain::live(active), &matter, mail_id, now)?;
            if plan.contact.as_ref().is_some_and(|contact| contact.id == fresh.contact) {
                counters::next(tx, Counter::Contact)?;
            }
            if plan.ticket.as_ref().is_some_and(|planned| planned.ticket.number == fresh.ticket) {
                counters::next(tx, Counter::Ticket)?;
            }
            // A bounce's parts stay in its raw mail.
            if plan.ticket.is_some() && plan.bounce.is_none() {
                let upload = active.settings.storage.s3.is_some();
                for blob in blobs {
                    write_blob(tx, blob, upload)?;
                }
            }
            if mail.message_id.is_some() {
                contents::put(tx, &origin.mailbox, &mail.content_fingerprint, mail_id)?;
            }
            let thread = thread_of(mail);
            let told = told(&plan.judged.outcome, facts, origin);
            let news = told.map(|notice| (notice, mail.as_ref()));
            carry_out(tx, active, mailbox, plan, &thread, news, now).map(Some)
        }
    }
}

/// Commits a mail whose own commit failed: raw and reason go to quarantine.
pub(super) fn commit_broken(
    tx: &mut Transaction<'_>,
    active: &Active,
    mailbox: &Mailbox,
    origin: &Origin,
    prepared: Option<&PreparedMail>,
    reason: String,
    now: Timestamp,
) -> Result<Option<EventSeq>, CommitError> {
    if processed::find(tx, &origin.mailbox, origin.uid_validity, origin.uid)?.is_some() {
        return Ok(None);
    }
    if let Some(prepared) = prepared {
        write_blob(tx, &prepared.raw, false)?;
    }
    let mail_id = MailId(counters::next(tx, Counter::Mail)?);
    carry_out(tx, active, mailbox, quarantine(origin, mail_id, reason, now), &[], None, now).map(Some)
}

/// Writes all that a plan says.
fn carry_out(
    tx: &mut Transaction<'_>,
    active: &Active,
    mailbox: &Mailbox,
    mut plan: Plan,
    thread: &[String],
    news: Option<(AgentNotice, &InboundMail)>,
    now: Timestamp,
) -> Result<EventSeq, CommitError> {
    if let Some(contact) = &plan.contact {
        contacts::put(tx, contact)?;
    }
    let mut agent_reply = plan.agent_reply.take();
    if let (Some(reply), Some(planned)) = (&mut agent_reply, &mut plan.ticket) {
        send_on(tx, active, planned, reply, &mut plan.judged.trace, now)?;
    }
    for planned in plan.ticket.iter().chain(&plan.linked) {
        tickets::put(tx, &planned.ticket)?;
        for entry in &planned.entries {
            entries::put(tx, planned.ticket.number, entry)?;
        }
    }
    if let (Some(reply), Some(planned)) = (&agent_reply, &plan.ticket) {
        follow_up(tx, active, planned, reply, thread, &mut plan.judged.trace, now)?;
    }
    if plan.invitation.is_some() {
        answer_invitation(tx, active, &mut plan, thread, now)?;
    }
    if let Some(bounce) = &plan.bounce {
        write_bounce(tx, bounce, now)?;
    }
    let acknowledgement = acknowledge(tx, active, mailbox, &mut plan, thread, now)?;
    plan.judged.effect.acknowledge &= acknowledgement.is_some();
    if let (Some((notice, mail)), Some(planned)) = (news, &plan.ticket) {
        inform_agents(tx, active, planned, notice, mail, now)?;
    }
    let judged = &plan.judged;
    mails::put(tx, judged)?;
    for filter in &judged.effect.rules {
        filter_hits::count(tx, filter, judged.id, now)?;
    }
    processed::put(tx, &judged.mailbox, judged.uid_validity, judged.uid, judged.id)?;
    let what = DomainEvent::MailJudged {
        mail: judged.id,
        mailbox: judged.mailbox.clone(),
        from: judged.from.clone(),
        subject: judged.subject.clone(),
        outcome: judged.outcome.clone(),
        acknowledgement,
    };
    Ok(events::append(tx, now, what)?)
}

/// Queues the acknowledgement. A mail that cannot be made is no reason to lose the ticket: the trace says so.
fn acknowledge(
    tx: &mut Transaction<'_>,
    active: &Active,
    mailbox: &Mailbox,
    plan: &mut Plan,
    thread: &[String],
    now: Timestamp,
) -> Result<Option<OutboxId>, StoreError> {
    let (Some(to), Some(planned)) = (&plan.acknowledge_to, &plan.ticket) else { return Ok(None) };
    let Some(sender) = active.settings.sender_for(mailbox) else {
        plan.judged.trace.push(TraceStep { step: "answer".into(), said: "there is no sender to answer with".into() });
        return Ok(None);
    };
    let Some(contact) = contacts::get(tx, planned.ticket.contact)? else { return Ok(None) };
    let opening = planned.entries.first().map(Entry::new_text);
    let news = ContactNews {
        kind: Kind::TicketAcknowledgement,
        ticket: &planned.ticket,
        entry: EntryNumber(1),
        contact: &contact,
        to,
        sender,
        thread: thread.to_vec(),
        agent: None,
        message: opening.as_deref(),
    };
    let queued = tell_contact(tx, active, news, Terms::default(), now).map(|entry| entry.id);
    match queued {
        Ok(id) => Ok(Some(id)),
        Err(EnqueueError::Store(error)) => Err(error),
        Err(error) => {
            plan.judged.trace.push(TraceStep { step: "answer".into(), said: format!("no acknowledgement: {error}") });
            Ok(None)
        }
    }
}

/// Tells agents of a mail; whoever is in charge from the start hears that.
fn inform_agents(
    tx: &mut Transaction<'_>,
    active: &Active,
    planned: &PlannedTicket,
    notice: AgentNotice,
    mail: &InboundMail,
    now: Timestamp,
) -> Result<(), StoreError> {
    if active.settings.agents.is_empty() {
        return Ok(());
    }
    let Some(entry) = planned.entries.first() else { return Ok(()) };
    let doer = match &entry.author {
        Author::Contact { address, .. } => Doer::Address(address),
        Author::Agent { name } => Doer::Agent(name),
        Author::System => Doer::Clock,
    };
    let (ticket, message) = (&planned.ticket, mail.new_text());
    let news = AgentNews { notice, ticket, entry: entry.number, message: &message, doer, but_not: &[] };
    let assigned = match notice {
        AgentNotice::NewTicket => {
            tell_agents(tx, active, &AgentNews { notice: AgentNotice::Assigned, ..news }, |values, _| values, now)?
        }
        _ => Vec::new(),
    };
    tell_agents(tx, active, &AgentNews { but_not: &assigned, ..news }, |values, _| values, now).map(drop)
}

/// The thread that an answer to this mail continues, oldest first.
fn thread_of(mail: &InboundMail) -> Vec<String> {
    let mut thread = mail.references.clone();
    thread.retain(|id| mail.message_id.as_ref() != Some(id));
    thread.extend(mail.message_id.clone());
    thread
}
