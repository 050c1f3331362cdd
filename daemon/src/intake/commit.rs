//! The commit of one mail: look-ups, plan and everything that follows, in one transaction.

use super::agent_reply::{follow_up, send_on};
use super::decide::{Chain, Matter, decide};
use super::invited::answer_invitation;
use super::lookups::look_up;
use super::prepare::{Content, MailContent, PreparedMail};
use crate::active::Active;
use crate::blob::write_blob;
use crate::notify::{AgentNews, ContactNews, Heard, tell_agents, tell_contact};
use crate::outbox::{EnqueueError, Terms, write_bounce};
use crate::store::counters::{self, Counter};
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::{
    DirectoryError, automatic, blobs, contacts, contents, entries, events, filter_hits, mails, processed, suppressions,
    tickets,
};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::{EntryNumber, EventSeq, MailId, OutboxId};
use maildesk_core::mail::InboundMail;
use maildesk_core::notification::{Doer, Kind};
use maildesk_core::route::{Fresh, JudgedMail, Origin, Plan, PlannedTicket, Timing, TraceStep, quarantine, told};
use maildesk_core::settings::{AgentNotice, Mailbox};
use maildesk_core::ticket::{Author, Entry};

#[derive(Debug, thiserror::Error)]
pub(super) enum CommitError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

/// Reads what [`commit_mail`] is going to read of an ordinary mail.
pub(super) fn look_ahead(read: &impl Read, origin: &Origin, prepared: &PreparedMail) -> Result<(), StoreError> {
    processed::find(read, &origin.mailbox, origin.uid_validity, origin.uid)?;
    blobs::get(read, &prepared.raw.hash)?;
    if let Content::Mail(content) = &prepared.content {
        let MailContent { mail, wanted, blobs: attached, .. } = content;
        look_up(read, origin, mail, wanted)?;
        for blob in attached {
            blobs::get(read, &blob.hash)?;
        }
        if let Some(sender) = &wanted.sender {
            suppressions::get(read, sender)?;
            automatic::history(read, sender, None)?;
        }
    }
    Ok(())
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
        Content::Mail(content) => {
            let matter = content.matter(origin, prepared.timing);
            let decided = decide(tx, &Chain::live(active), &matter, mail_id, now)?;
            take_in(tx, active, mailbox, origin, content, decided, now).map(Some)
        }
    }
}

impl MailContent {
    pub(super) fn matter<'a>(&'a self, origin: &'a Origin, timing: Timing) -> Matter<'a> {
        let Self { mail, facts, wanted, kept, filtered, blobs: _ } = self;
        Matter { mail, facts, wanted, origin, kept, filtered: filtered.as_deref(), timing }
    }
}

/// Writes a mail that was decided about, with what it brought.
pub(super) fn take_in(
    tx: &mut Transaction<'_>,
    active: &Active,
    mailbox: &Mailbox,
    origin: &Origin,
    content: &MailContent,
    (plan, fresh): (Plan, Fresh),
    now: Timestamp,
) -> Result<EventSeq, CommitError> {
    let MailContent { mail, facts, blobs, .. } = content;
    match &plan.contact {
        Some(contact) if contact.id == fresh.contact => {
            counters::next(tx, Counter::Contact)?;
            contacts::add(tx, contact)?;
        }
        Some(known) => contacts::put(tx, known)?,
        None => {}
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
    // A repeat leaves the mark with the mail that it repeats.
    if mail.message_id.is_some() && plan.judged.outcome.repeats().is_none() {
        contents::put(tx, &origin.mailbox, &mail.content_fingerprint, fresh.mail)?;
    }
    let thread = thread_of(mail);
    let told = told(&plan.judged.outcome, facts, origin);
    let news = told.map(|notice| (notice, mail.as_ref()));
    carry_out(tx, active, mailbox, plan, &thread, news, now)
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

/// Writes all that a plan says but for its contact.
pub(super) fn carry_out(
    tx: &mut Transaction<'_>,
    active: &Active,
    mailbox: &Mailbox,
    mut plan: Plan,
    thread: &[String],
    news: Option<(AgentNotice, &InboundMail)>,
    now: Timestamp,
) -> Result<EventSeq, CommitError> {
    let mut agent_reply = plan.agent_reply.take();
    if let (Some(reply), Some(planned)) = (&mut agent_reply, &mut plan.ticket) {
        send_on(tx, active, planned, reply, &mut plan.judged.trace, now)?;
    }
    for planned in plan.ticket.iter().chain(&plan.linked) {
        write_ticket(tx, planned)?;
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
        let untold = inform_agents(tx, active, planned, notice, mail, now)?;
        plan.judged.trace.extend(untold.into_iter().map(|said| TraceStep { step: "answer".into(), said }));
    }
    let judged = &plan.judged;
    // Only a mail that is judged once more was counted before.
    let mut counted = Vec::new();
    if judged.decided.is_some() {
        counted = mails::get(tx, judged.id)?.map(|before| before.effect.rules).unwrap_or_default();
        mails::put(tx, judged)?;
    } else {
        mails::add(tx, judged)?;
    }
    for filter in judged.effect.rules.iter().filter(|filter| !counted.contains(filter)) {
        filter_hits::count(tx, filter, judged.id, now)?;
    }
    processed::put(tx, &judged.mailbox, judged.uid_validity, judged.uid, judged.id)?;
    Ok(events::append(tx, now, told_of(judged, acknowledgement))?)
}

/// What is told of a verdict.
pub(super) fn told_of(judged: &JudgedMail, acknowledgement: Option<OutboxId>) -> DomainEvent {
    DomainEvent::MailJudged {
        mail: judged.id,
        mailbox: judged.mailbox.clone(),
        from: judged.from.clone(),
        subject: judged.subject.clone(),
        outcome: judged.outcome.clone(),
        acknowledgement,
    }
}

fn write_ticket(tx: &mut Transaction<'_>, PlannedTicket { ticket, entries }: &PlannedTicket) -> Result<(), StoreError> {
    let opens = entries.first().is_some_and(|entry| entry.number == EntryNumber(1));
    if opens {
        tickets::add(tx, ticket)?;
        return entries.iter().try_for_each(|entry| entries::add(tx, ticket.number, entry));
    }
    tickets::put(tx, ticket)?;
    entries.iter().try_for_each(|entry| entries::put(tx, ticket.number, entry))
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
    let contact = match &plan.contact {
        Some(contact) if contact.id == planned.ticket.contact => Some(contact.clone()),
        _ => contacts::get(tx, planned.ticket.contact)?,
    };
    let Some(contact) = contact else { return Ok(None) };
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
        attachments: Vec::new(),
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

/// Tells agents of a mail; whoever is in charge from the start hears that. Gives sentences on who is not told.
fn inform_agents(
    tx: &mut Transaction<'_>,
    active: &Active,
    planned: &PlannedTicket,
    notice: AgentNotice,
    mail: &InboundMail,
    now: Timestamp,
) -> Result<Vec<String>, StoreError> {
    if active.settings.agents.is_empty() {
        return Ok(Vec::new());
    }
    let Some(entry) = planned.entries.first() else { return Ok(Vec::new()) };
    let doer = match &entry.author {
        Author::Contact { address, .. } => Doer::Address(address),
        Author::Agent { name } => Doer::Agent(name),
        Author::System => Doer::Clock,
    };
    let (ticket, message) = (&planned.ticket, mail.new_text());
    let news = AgentNews { notice, ticket, entry: entry.number, message: &message, doer, but_not: &[] };
    let mut assigned = match notice {
        AgentNotice::NewTicket => {
            tell_agents(tx, active, &AgentNews { notice: AgentNotice::Assigned, ..news }, |values, _| values, now)?
        }
        _ => Heard::default(),
    };
    let heard = tell_agents(tx, active, &AgentNews { but_not: &assigned.told, ..news }, |values, _| values, now)?;
    assigned.untold.extend(heard.untold);
    Ok(assigned.untold)
}

/// The thread that an answer to this mail continues, oldest first.
fn thread_of(mail: &InboundMail) -> Vec<String> {
    let mut thread = mail.references.clone();
    thread.retain(|id| mail.message_id.as_ref() != Some(id));
    thread.extend(mail.message_id.clone());
    thread
}
