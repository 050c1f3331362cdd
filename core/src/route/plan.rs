//! The plan of one mail: a value that says all that will be committed. Pure; the worker carries it out.

use super::bounce::{self, NotedBounce};
use super::lookups::{ClaimedTicket, Lookups, Wanted};
use super::outcome::{Effect, JudgedMail, Outcome, Timing, TraceStep};
use super::token::TokenKey;
use crate::address::Address;
use crate::check::mark;
use crate::directory::Contact;
use crate::filter::{CompiledFilters, Ending, Judgement, Subject};
use crate::ids::{BlobHash, ContactId, MailId, Revision, TicketNumber, Uid, UidValidity};
use crate::language::Language;
use crate::mail::{InboundMail, SectionKind};
use crate::settings::MailboxName;
use crate::ticket::{AttachmentRef, Author, Command, Entry, EntryKind, Fold, Status, Ticket, apply};
use crate::verdict::Facts;
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
}

/// A ticket to write, with the entries that are added to it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedTicket {
    pub ticket: Ticket,
    pub entries: Vec<Entry>,
}

/// Decides what becomes of a mail. `attachments` describe the mail's attachments, in their order.
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
    attachments: &[AttachmentRef],
    filters: &CompiledFilters,
    key: &TokenKey,
    fresh: Fresh,
    now: Timestamp,
) -> Plan {
    let mut trace = vec![step("parse", describe(mail)), step("facts", facts.sentence())];
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
    };
    let finished = |outcome: Outcome, said: &str, mut trace: Vec<TraceStep>| {
        trace.push(step("route", said.to_owned()));
        Plan { judged: judged(outcome, trace), contact: None, ticket: None, acknowledge_to: None, bounce: None }
    };

    // Before all else: a test mail is also our own mail come back, and here the verdict is what was asked for.
    if mail.header(mark::HEADER).is_some_and(|value| mark::is_genuine(value, key, now)) {
        let rule = mark::RULE.to_owned();
        return finished(Outcome::Dropped { rule }, "its mark is signed by this install", trace);
    }
    if let Some(earlier) = found.duplicate_of {
        return finished(Outcome::repeat_of(earlier), "same Message-ID and content in this mailbox", trace);
    }
    if facts.own_loop {
        return finished(
            Outcome::Dropped { rule: "our own mail come back".into() },
            "it carries our loop header",
            trace,
        );
    }
    if let (Some(returned), Some(said)) = (&found.returned, &facts.bounce) {
        match bounce::note(returned, said, key, (fresh.mail, origin.raw), now) {
            Ok(Some((noted, applied))) => {
                let entry = applied.entries.first().map_or(crate::ids::EntryNumber(0), |entry| entry.number);
                let (ticket, outbox) = (applied.ticket.number, noted.outbox.id);
                trace.push(step("route", format!("bounce of mail {outbox}: it shows the reply token of #{ticket}")));
                trace.push(step("answer", "no acknowledgement: a bounce is never answered".into()));
                return Plan {
                    judged: judged(Outcome::BounceNote { ticket, entry, outbox }, trace),
                    contact: None,
                    ticket: Some(PlannedTicket { ticket: applied.ticket, entries: applied.entries }),
                    acknowledge_to: None,
                    bounce: Some(noted),
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

    let known_addresses = found.contact.as_ref().map_or(&[][..], |contact| &contact.addresses);
    let admitted = found.claimed.iter().find_map(|claimed| admit(claimed, known_addresses, sender, key));
    let subject = Subject { mail, facts, mailbox: &origin.mailbox, size: origin.size, reply: admitted.is_some() };
    let judgement = filters.judge(&subject);
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

    let contact = match &found.contact {
        Some(known) => known.clone(),
        None => Contact {
            id: fresh.contact,
            name: mail.from.as_ref().and_then(|from| from.name.clone()),
            addresses: vec![sender.clone()],
            customer: found.customer.as_ref().map(|customer| customer.id),
            language: language(mail),
            created: now,
        },
    };
    let new_contact = found.contact.is_none().then(|| contact.clone());
    let author = Author::Contact { id: contact.id, address: sender.clone(), name: contact.name.clone() };
    let entry = |kind| Entry {
        folds: folds(mail),
        attachments: attachments.to_vec(),
        message_id: mail.message_id.clone(),
        mail: Some(fresh.mail),
        raw: origin.raw,
        ..Entry::new(author.clone(), kind, mail.text.clone(), now)
    };

    if let Some((claimed, kind)) = admitted {
        let command = match kind {
            EntryKind::Comment => {
                Command::Comment { entry: entry(kind), automatic: facts.automatic.is_some() || facts.vacation }
            }
            _ => Command::Note { entry: entry(kind) },
        };
        match apply(&claimed.ticket, command, now) {
            Ok(applied) => {
                let number = applied.entries.first().map_or(crate::ids::EntryNumber(0), |entry| entry.number);
                let (outcome, said) = outcome_of_claim(kind, applied.ticket.number, number, sender);
                trace.push(step("route", said));
                trace.push(step("answer", "no acknowledgement: the ticket exists".into()));
                return Plan {
                    judged: JudgedMail { effect: matched, ..judged(outcome, trace) },
                    contact: new_contact,
                    ticket: Some(PlannedTicket { ticket: applied.ticket, entries: applied.entries }),
                    acknowledge_to: None,
                    bounce: None,
                };
            }
            // An empty note is refused; the mail is then a ticket of its own rather than lost.
            Err(rejected) => trace.push(step("route", format!("#{}: {rejected}", claimed.ticket.number))),
        }
    }

    let opening = Entry { number: crate::ids::EntryNumber(1), ..entry(EntryKind::Comment) };
    let ticket = Ticket {
        number: fresh.ticket,
        subject: mail.subject.clone(),
        status: Status::New,
        priority: judgement.priority.unwrap_or_default(),
        contact: contact.id,
        customer: contact.customer,
        assignee: judgement.assign.clone(),
        tags: judgement.tags.clone(),
        mailbox: origin.mailbox.clone(),
        created: now,
        updated: now,
        entries: 1,
        revision: Revision(1),
    };
    trace.push(step("route", routing_words(found, wanted)));
    let silence = silence(facts, origin, &judgement);
    trace.push(step("answer", silence.clone().unwrap_or_else(|| format!("acknowledgement to {sender}"))));
    let effect = Effect {
        priority: judgement.priority,
        tags: judgement.tags,
        assignee: judgement.assign,
        acknowledge: silence.is_none(),
        ..matched
    };
    Plan {
        judged: JudgedMail { effect, ..judged(Outcome::NewTicket { ticket: ticket.number }, trace) },
        contact: new_contact,
        ticket: Some(PlannedTicket { ticket, entries: vec![opening] }),
        acknowledge_to: silence.is_none().then(|| sender.clone()),
        bounce: None,
    }
}

/// The plan of a mail that was not parsed or that broke its judges: kept raw for a person (invariant 1).
pub fn quarantine(origin: &Origin, mail: MailId, reason: String, now: Timestamp) -> Plan {
    let judged = JudgedMail {
        id: mail,
        at: now,
        mailbox: origin.mailbox.clone(),
        uid_validity: origin.uid_validity,
        uid: origin.uid,
        received: origin.received,
        from: String::new(),
        subject: String::new(),
        message_id: None,
        size: origin.size,
        raw: origin.raw,
        trace: vec![step("parse", reason.clone())],
        outcome: Outcome::Quarantined { reason },
        issues: Vec::new(),
        effect: Effect::default(),
        timing: Timing::default(),
    };
    Plan { judged, contact: None, ticket: None, acknowledge_to: None, bounce: None }
}

/// Whether a claim is genuine, and as what it lets this sender in (invariant 4).
fn admit<'a>(
    claimed: &'a ClaimedTicket,
    known_addresses: &[Address],
    sender: &Address,
    key: &TokenKey,
) -> Option<(&'a ClaimedTicket, EntryKind)> {
    let mut own = std::iter::once(sender).chain(known_addresses);
    if own.any(|address| claimed.claim.made_for(key, address)) {
        return Some((claimed, EntryKind::Comment));
    }
    // A person has changed the recipient of the mail: the token is genuine for the first, the mail went to the second.
    let redirected = claimed
        .redirected_to
        .as_ref()
        .is_some_and(|to| std::iter::once(sender).chain(known_addresses).any(|address| address.key() == to.key()));
    let genuine = claimed.recipient.as_ref().is_some_and(|address| claimed.claim.made_for(key, address));
    let kind = if redirected { EntryKind::Comment } else { EntryKind::UnverifiedNote };
    genuine.then_some((claimed, kind))
}

fn outcome_of_claim(
    kind: EntryKind,
    ticket: TicketNumber,
    entry: crate::ids::EntryNumber,
    sender: &Address,
) -> (Outcome, String) {
    match kind {
        EntryKind::Comment => {
            (Outcome::Comment { ticket, entry }, format!("reply token of #{ticket}, made for {sender}"))
        }
        _ => (
            Outcome::UnverifiedNote { ticket, entry },
            format!("reply token of #{ticket}, made for somebody else than {sender}"),
        ),
    }
}

fn routing_words(found: &Lookups, wanted: &Wanted) -> String {
    match (wanted.claims.is_empty(), found.claimed.is_empty()) {
        (true, _) => "no reply token: a new ticket".into(),
        (false, true) => "the reply token names no ticket here: a new ticket".into(),
        (false, false) => "the reply token is not genuine: a new ticket".into(),
    }
}

/// What the sender's mail program says about the language, the mail's own before that of its reader (RFC 3282).
fn language(mail: &InboundMail) -> Option<Language> {
    ["Content-Language", "Accept-Language"].into_iter().find_map(|name| Language::first_of(mail.header(name)?))
}

/// Why a new ticket is not acknowledged, if it is not (invariants 3 and 9).
fn silence(facts: &Facts, origin: &Origin, judgement: &Judgement) -> Option<String> {
    if origin.old {
        return Some("no acknowledgement: the mail was there before this mailbox was first polled".into());
    }
    if !origin.acknowledge {
        return Some("no acknowledgement: switched off for this mailbox".into());
    }
    if judgement.no_acknowledgement {
        return Some("no acknowledgement: switched off by a filter".into());
    }
    facts.suppress_answer.as_ref().map(|reason| format!("no acknowledgement: {reason}"))
}

fn folds(mail: &InboundMail) -> Vec<Fold> {
    let folded = mail.body.sections.iter().filter(|section| section.kind != SectionKind::New);
    let place = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    folded.map(|section| Fold { start: place(section.range.start), end: place(section.range.end) }).collect()
}

fn describe(mail: &InboundMail) -> String {
    let issues = if mail.issues.is_empty() { "no issues".into() } else { format!("issues: {:?}", mail.issues) };
    format!("{} characters of text, {} attachments, {issues}", mail.text.chars().count(), mail.attachments.len())
}

fn step(step: &str, said: String) -> TraceStep {
    TraceStep { step: step.into(), said }
}
