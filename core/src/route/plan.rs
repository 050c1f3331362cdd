//! The plan of one mail: a value that says all that will be committed. Pure; the worker carries it out.

use super::admission::{Admission, Role, admit};
use super::agent_mail::{AgentMail, AgentReply, author as agent_author, worked};
use super::bounce::{self, NotedBounce};
use super::invited::{InvitationReply, invited};
use super::link::{done_long_ago, goes_on, internal};
use super::lookups::{DeskRules, Lookups, Wanted};
use super::outcome::{Effect, JudgedMail, Outcome, Timing, TraceStep};
use super::scan::Scanned;
use super::told::language;
use super::words::{describe, routing_words, silence};
use crate::address::Address;
use crate::check::mark;
use crate::directory::Contact;
use crate::filter::{Ending, Filtering, Subject};
use crate::ids::{BlobHash, ContactId, EntryNumber, MailId, TicketNumber, Uid, UidValidity};
use crate::mail::{Blocked, InboundMail, SectionKind};
use crate::settings::MailboxName;
use crate::ticket::{AttachmentRef, Author, Command, Entry, EntryKind, Fold, Ticket, apply};
use crate::verdict::{Facts, Finding, SenderCheck};
use jiff::Timestamp;

/// Where a mail came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub mailbox: MailboxName,
    pub uid_validity: UidValidity,
    pub uid: Uid,
    /// When the server took it in (INTERNALDATE).
    pub received: Option<Timestamp>,
    /// It was there before this mailbox was first polled: it is never acknowledged (invariant 9).
    pub old: bool,
    /// Whether the mailbox acknowledges new tickets at all.
    pub acknowledge: bool,
    /// A person lets it through: no block, filter or virus scan holds it back.
    pub released: bool,
    /// Bytes of the raw mail.
    pub size: u64,
    pub raw: Option<BlobHash>,
}

/// Identities that the commit gives to what is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fresh {
    pub mail: MailId,
    pub contact: ContactId,
    pub ticket: TicketNumber,
}

/// All that follows from one mail.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub judged: JudgedMail,
    /// To be written: new, or known with something learnt.
    pub contact: Option<Contact>,
    pub ticket: Option<PlannedTicket>,
    /// Whom to send a new-ticket acknowledgement.
    pub acknowledge_to: Option<Address>,
    /// A mail of ours came back.
    pub bounce: Option<NotedBounce>,
    /// An agent's mail; where it has a text to send on, that is the first of the ticket's new entries.
    pub agent_reply: Option<AgentReply>,
    /// It answers an invitation.
    pub invitation: Option<InvitationReply>,
    /// An earlier ticket that names the new one.
    pub linked: Option<PlannedTicket>,
}

/// A ticket to write, with the entries that are added to it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedTicket {
    pub ticket: Ticket,
    pub entries: Vec<Entry>,
}

/// What of a mail's attachments comes into its ticket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// In the mail's order.
    pub attachments: Vec<AttachmentRef>,
    /// What stays in the raw mail alone, and why: one sentence for each.
    pub left_out: Vec<String>,
    /// What the virus scanner said.
    pub scanned: Scanned,
}

impl Kept {
    /// The sentence for an attachment that is blocked.
    pub fn blocked(name: &str, why: &Blocked) -> String {
        format!("attachment {name} is only in the raw mail: {why}")
    }
}

/// Decides what becomes of a mail.
#[expect(
    clippy::too_many_arguments,
    reason = "every input of the decision is named; a struct would only move the list"
)]
pub fn plan(
    mail: &InboundMail,
    facts: &Facts,
    origin: &Origin,
    wanted: &Wanted,
    found: &Lookups,
    kept: &Kept,
    filters: Filtering<'_>,
    desk: &DeskRules<'_>,
    fresh: Fresh,
    now: Timestamp,
) -> Plan {
    let mut trace = vec![step("parse", describe(mail)), step("facts", facts.sentence())];
    let own = facts.authentication.own.as_ref();
    let checked: Vec<String> =
        facts.authentication.sentence().into_iter().chain(own.map(SenderCheck::sentence)).collect();
    let said = checked.iter().cloned().chain(facts.authentication.doubt());
    trace.extend(said.map(|said| step("sender", said)));
    trace.extend(kept.left_out.iter().map(|said| step("attachments", said.clone())));
    trace.extend(kept.scanned.sentence().map(|said| step("scan", said)));
    let judged = |outcome: Outcome, trace: Vec<TraceStep>| JudgedMail {
        id: fresh.mail,
        at: now,
        mailbox: origin.mailbox.clone(),
        uid_validity: origin.uid_validity,
        uid: origin.uid,
        received: origin.received,
        from: wanted.sender.as_ref().map_or_else(String::new, ToString::to_string),
        subject: mail.subject.clone(),
        message_id: mail.message_id.clone(),
        size: origin.size,
        raw: origin.raw,
        outcome,
        trace,
        issues: mail.issues.clone(),
        effect: Effect::default(),
        timing: Timing::default(),
        decided: None,
        checked: own.cloned(),
    };
    let finished = |outcome: Outcome, said: &str, mut trace: Vec<TraceStep>| {
        trace.push(step("route", said.to_owned()));
        Plan::of(judged(outcome, trace))
    };

    // Before all else: a test mail is also our own mail come back, and here the verdict is what was asked for.
    if mail.header(mark::HEADER).is_some_and(|value| mark::is_genuine(value, desk.keys, desk.own, now)) {
        let rule = mark::RULE.to_owned();
        return finished(Outcome::Dropped { rule }, "its mark is signed by this install", trace);
    }
    if let Some(earlier) = found.duplicate_of {
        return finished(Outcome::repeat_of(earlier), "same Message-ID and content in this mailbox", trace);
    }
    let signed_by_us = wanted.own.as_ref().zip(found.own_recipient.as_ref());
    let signed_by_us = signed_by_us.is_some_and(|(claim, recipient)| claim.made_for(desk.keys, recipient));
    if facts.own_loop || signed_by_us {
        let said =
            if facts.own_loop { "it carries our loop header" } else { "its Message-ID is signed by this install" };
        return finished(Outcome::Dropped { rule: "our own mail come back".into() }, said, trace);
    }
    if let (Some(returned), Some(said)) = (&found.returned, &facts.bounce) {
        match bounce::note(returned, said, desk.keys, (fresh.mail, origin.raw), now) {
            Ok(Some((noted, applied))) => {
                let entry = applied.entries.first().map_or(EntryNumber(0), |entry| entry.number);
                let (ticket, outbox) = (applied.ticket.number, noted.outbox.id);
                trace.push(step("route", format!("bounce of mail {outbox}: it shows the reply token of #{ticket}")));
                trace.push(step("answer", "no acknowledgement: a bounce is never answered".into()));
                return Plan {
                    ticket: Some(PlannedTicket { ticket: applied.ticket, entries: applied.entries }),
                    bounce: Some(noted),
                    ..Plan::of(judged(Outcome::BounceNote { ticket, entry, outbox }, trace))
                };
            }
            Ok(None) => trace.push(step("route", "a bounce whose reply token is not genuine".into())),
            Err(rejected) => trace.push(step("route", format!("#{}: {rejected}", returned.ticket.number))),
        }
    }
    let Some(sender) = &wanted.sender else {
        let reason = "no usable sender address".to_owned();
        return finished(Outcome::Quarantined { reason }, "From, Sender and Reply-To hold no address", trace);
    };

    if let Some(block) = found.blocks.iter().find(|block| block.holds(now) && !origin.released) {
        let said = format!("blocked: {}", block.reason);
        return finished(Outcome::Dropped { rule: block.rule() }, &said, trace);
    }

    if let Some(reason) = kept.scanned.quarantine().filter(|_| !origin.released) {
        return finished(Outcome::Quarantined { reason }, "put into quarantine after its scan", trace);
    }
    let invitation = invited(wanted, found.invitation.as_ref(), (facts, sender), desk, &mut trace, now);
    if let Some(InvitationReply { invitation: accepted, refused: None }) = &invitation {
        let outcome = Outcome::InvitationAccepted { invitation: accepted.id };
        return Plan { invitation, ..Plan::of(judged(outcome, trace)) };
    }

    let admitted = admit(found, (sender, &facts.authentication), desk);
    let is_reply = admitted.as_ref().is_some_and(|admitted| admitted.role != Role::Stranger);
    let subject = Subject { mail, facts, mailbox: &origin.mailbox, size: origin.size, reply: is_reply };
    let judgement = filters.judge(&subject, origin.released);
    trace.extend(judgement.trace.iter().map(|said| step("filter", said.clone())));
    let matched = Effect { rules: judgement.matched.clone(), ..Effect::default() };
    let ended = match &judgement.ending {
        Some(Ending::Drop(filter)) => {
            let rule = format!("filter {filter}");
            Some((Outcome::Dropped { rule }, "dropped by a filter"))
        }
        Some(Ending::Quarantine(filter)) => {
            let reason = format!("filter {filter}");
            Some((Outcome::Quarantined { reason }, "put into quarantine by a filter"))
        }
        None => None,
    };
    if let Some((outcome, said)) = ended {
        let mut plan = finished(outcome, said, trace);
        plan.judged.effect = matched;
        return plan;
    }

    // An agent who passes a customer's mail on speaks for the customer.
    let forwarded = wanted.forwarded.as_ref().filter(|_| admitted.is_none() && desk.agent_of(sender).is_some());
    let (known, customer, address, name) = match forwarded {
        Some(original) => (&found.original_contact, &found.original_customer, &original.address, original.name.clone()),
        None => (&found.contact, &found.customer, sender, wanted.sender_name.clone()),
    };
    let contact = known.clone().unwrap_or_else(|| Contact {
        id: fresh.contact,
        name,
        addresses: vec![address.clone()],
        customer: customer.as_ref().map(|customer| customer.id),
        // What was passed on says nothing of the customer's own program.
        language: forwarded.is_none().then(|| language(mail)).flatten(),
        confirmed: None,
        created: now,
    });
    let new_contact = known.is_none().then(|| contact.clone());
    let author = Author::Contact { id: contact.id, address: address.clone(), name: contact.name.clone() };
    // That a customer signs nothing is usual.
    let telling = |own: &&SenderCheck| own.dkim != Finding::None || desk.agent_of(sender).is_some();
    let of_server = facts.authentication.sentence().into_iter();
    let remarked: Vec<String> = of_server.chain(own.filter(telling).map(SenderCheck::sentence)).collect();
    let entry = |author: Author, kind| Entry {
        folds: folds(mail),
        attachments: kept.attachments.clone(),
        remarks: remarked.iter().chain(&kept.left_out).cloned().chain(kept.scanned.remark()).collect(),
        message_id: mail.message_id.clone(),
        mail: Some(fresh.mail),
        raw: origin.raw,
        ..Entry::new(author, kind, mail.text.clone(), now)
    };

    let automatic = facts.automatic.is_some() || facts.vacation;
    let mut notes = Vec::new();
    let (mut linked, mut related) = (None, Vec::new());
    if let Some(Admission { ticket, role, said }) = admitted {
        trace.push(step("route", said.clone()));
        let number = ticket.number;
        let mut agent_reply = None;
        let applied = match role {
            Role::Participant => match done_long_ago(ticket, desk.reopen_days, now).filter(|_| !automatic) {
                Some(at) => {
                    linked = goes_on(ticket, fresh.ticket, now).ok();
                    notes.push(internal(format!("follows #{number}, which was done at {at:.0}"), now));
                    None
                }
                None => {
                    let entry = entry(author.clone(), EntryKind::Comment);
                    Some(apply(ticket, Command::Comment { entry, automatic }, now))
                }
            },
            Role::Unverified | Role::Doubted(_) => {
                if let Role::Doubted(agent) = role
                    && !automatic
                {
                    let why = format!("it is not proven that {sender} wrote it ({})", checked.join("; "));
                    agent_reply = Some(AgentReply::not_sent(agent, sender, ticket, why));
                }
                let entry = entry(author.clone(), EntryKind::UnverifiedNote);
                Some(apply(ticket, Command::Note { entry }, now))
            }
            Role::Stranger => {
                notes.push(internal(format!("{} {said}", contact.display()), now));
                None
            }
            Role::Agent(agent) if automatic => {
                let rule = format!("automatic mail of agent {}", agent.name);
                return finished(Outcome::Dropped { rule }, "an agent's machine does not speak for the desk", trace);
            }
            Role::Agent(agent) => {
                let entry = entry(agent_author(agent), EntryKind::Note);
                let worked = worked(AgentMail { mail, ticket, agent, from: sender, entry }, desk, &mut trace, now);
                Some(worked.map(|(applied, reply)| {
                    agent_reply = reply.map(|reply| AgentReply { left_out: kept.left_out.clone(), ..reply });
                    applied
                }))
            }
        };
        match applied {
            Some(Ok(applied)) => {
                let entry = applied.entries.first().map_or(EntryNumber(ticket.entries), |entry| entry.number);
                let outcome = match role {
                    Role::Participant => Outcome::Comment { ticket: number, entry },
                    Role::Agent(_) => Outcome::AgentReply { ticket: number, entry },
                    Role::Unverified | Role::Doubted(_) | Role::Stranger => {
                        Outcome::UnverifiedNote { ticket: number, entry }
                    }
                };
                trace.push(step("answer", "no acknowledgement: the ticket exists".into()));
                return Plan {
                    contact: new_contact.filter(|_| !matches!(role, Role::Agent(_))),
                    ticket: Some(PlannedTicket { ticket: applied.ticket, entries: applied.entries }),
                    agent_reply,
                    invitation,
                    ..Plan::of(JudgedMail { effect: matched, ..judged(outcome, trace) })
                };
            }
            // An empty note is refused; the mail is then a ticket of its own rather than lost.
            Some(Err(rejected)) => trace.push(step("route", format!("#{number}: {rejected}"))),
            None => related.push(number),
        }
    }
    if let (Some(_), Some(agent)) = (forwarded, desk.agent_of(sender)) {
        let said = format!("agent {} passed on what {} wrote", agent.name, contact.display());
        trace.push(step("route", said.clone()));
        notes.push(internal(said, now));
    }

    let opening = entry(author, EntryKind::Comment);
    let entries: Vec<Entry> = std::iter::once(opening).chain(notes).collect();
    let entries: Vec<Entry> =
        (1..).zip(entries).map(|(number, entry)| Entry { number: EntryNumber(number), ..entry }).collect();
    let ticket = Ticket {
        priority: judgement.priority.unwrap_or_default(),
        customer: contact.customer,
        assignee: judgement.assign.clone(),
        tags: judgement.tags.clone(),
        related,
        entries: u32::try_from(entries.len()).unwrap_or(u32::MAX),
        ..Ticket::begun(fresh.ticket, mail.subject.clone(), contact.id, origin.mailbox.clone(), now)
    };
    trace.push(step("route", routing_words(found, wanted, &ticket)));
    let passed_on = forwarded.map(|_| format!("no acknowledgement: {address} did not write here"));
    let answered = invitation.as_ref().map(|_| "no acknowledgement: the invitation is answered".to_owned());
    let silence = passed_on.or(answered).or_else(|| silence(facts, origin, &judgement));
    trace.push(step("answer", silence.clone().unwrap_or_else(|| format!("acknowledgement to {sender}"))));
    let effect = Effect {
        priority: judgement.priority,
        tags: judgement.tags,
        assignee: judgement.assign,
        acknowledge: silence.is_none(),
        ..matched
    };
    let outcome = Outcome::NewTicket { ticket: ticket.number };
    Plan {
        contact: new_contact,
        ticket: Some(PlannedTicket { ticket, entries }),
        acknowledge_to: silence.is_none().then(|| sender.clone()),
        linked,
        invitation,
        ..Plan::of(JudgedMail { effect, ..judged(outcome, trace) })
    }
}

impl Plan {
    /// A verdict from which nothing else follows.
    pub(super) fn of(judged: JudgedMail) -> Self {
        Self {
            judged,
            contact: None,
            ticket: None,
            acknowledge_to: None,
            bounce: None,
            agent_reply: None,
            linked: None,
            invitation: None,
        }
    }
}

fn folds(mail: &InboundMail) -> Vec<Fold> {
    let folded = mail.body.sections.iter().filter(|section| section.kind != SectionKind::New);
    let place = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    folded.map(|section| Fold { start: place(section.range.start), end: place(section.range.end) }).collect()
}

pub(super) fn step(step: &str, said: String) -> TraceStep {
    TraceStep { step: step.into(), said }
}
