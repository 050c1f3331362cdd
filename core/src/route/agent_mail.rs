//! What an agent's mail does to its ticket: an answer that goes on, a note, commands, all of it or nothing.

use super::lookups::DeskRules;
use super::outcome::TraceStep;
use super::plan::{PlannedTicket, step};
use crate::address::Address;
use crate::ids::Revision;
use crate::language::Language;
use crate::mail::InboundMail;
use crate::mail_command::{Asked, Orders, Slip, leading, read, sentence};
use crate::settings::Agent;
use crate::ticket::{Applied, Author, Command, Entry, EntryKind, Rejected, Ticket, TicketAction, act, apply};
use jiff::Timestamp;

/// What an agent's mail asks for beside being kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentReply {
    /// Name of the agent.
    pub agent: String,
    /// Where the agent wrote from.
    pub from: Address,
    /// What goes on to the requester: quotes, signature and commands stay behind. Absent: nothing does.
    pub text: Option<String>,
    /// The ticket before this mail.
    pub before: Ticket,
    /// What its commands do; the plan's ticket has it done.
    pub actions: Vec<TicketAction>,
    /// What is wrong with its commands. Nothing is done then, and the agent is told.
    pub slips: Vec<Slip>,
    /// Attachments that are blocked. The answer does not go on without them.
    pub left_out: Vec<String>,
}

impl AgentReply {
    /// A mail that is not taken as the agent's: nothing goes on, nothing is done, and the agent is told why.
    pub(super) fn not_sent(agent: &Agent, from: &Address, ticket: &Ticket, why: String) -> Self {
        Self {
            agent: agent.name.clone(),
            from: from.clone(),
            text: None,
            before: ticket.clone(),
            actions: Vec::new(),
            slips: vec![Slip::not_sent(why)],
            left_out: Vec::new(),
        }
    }
}

/// A mail of an agent's, on its ticket.
pub(super) struct AgentMail<'a> {
    pub(super) mail: &'a InboundMail,
    pub(super) ticket: &'a Ticket,
    pub(super) agent: &'a Agent,
    pub(super) from: &'a Address,
    /// The mail as an entry, still without a kind of its own.
    pub(super) entry: Entry,
}

/// The ticket after an agent's mail, and what is to be done beside.
///
/// # Errors
/// The ticket takes no entry of this mail.
pub(super) fn worked(
    given: AgentMail<'_>,
    desk: &DeskRules<'_>,
    trace: &mut Vec<TraceStep>,
    now: Timestamp,
) -> Result<(Applied, Option<AgentReply>), Rejected> {
    let AgentMail { mail, ticket, agent, from, entry } = given;
    let mut reply = AgentReply {
        agent: agent.name.clone(),
        from: from.clone(),
        text: None,
        before: ticket.clone(),
        actions: Vec::new(),
        slips: Vec::new(),
        left_out: Vec::new(),
    };
    if mail.body.says_nothing {
        return Ok((noted(ticket, entry, trace, now)?, None));
    }
    let found = leading(&mail.text, &mail.body);
    let text = found.rest.trim();
    if found.lines.is_empty() {
        if text.is_empty() {
            return Ok((noted(ticket, entry, trace, now)?, None));
        }
        reply.text = Some(text.to_owned());
        let applied = apply(ticket, Command::Reply { entry: Entry { kind: EntryKind::Comment, ..entry } }, now)?;
        return Ok((applied, Some(reply)));
    }
    let zone = agent.time_zone.as_ref().unwrap_or(desk.zone).zone();
    let asked = Asked { agent, agents: desk.agents, zone: &zone, now, has_text: !text.is_empty() };
    let done = read(&found.lines, &asked).and_then(|orders| {
        let mut folded = Entry { folds: [found.folds.clone(), entry.folds.clone()].concat(), ..entry.clone() };
        folded.folds.sort_by_key(|fold| fold.start);
        obeyed(ticket, folded, &orders, text, now).map(|applied| (applied, orders))
    });
    match done {
        Ok((applied, orders)) => {
            trace.push(step("command", format!("done: {}", found.lines.join(", "))));
            reply.text = (!orders.note && !text.is_empty()).then(|| text.to_owned());
            reply.actions = orders.actions.into_iter().map(|(_, action)| action).collect();
            Ok((applied, Some(reply)))
        }
        Err(slips) => {
            let said: Vec<String> = slips.iter().map(|slip| sentence(slip, Language::En)).collect();
            trace.push(step("command", format!("nothing was done: {}", said.join("; "))));
            reply.slips = slips;
            let kept = kept_as_note(ticket, entry, now)?;
            Ok((Applied { ticket: kept.ticket, entries: kept.entries }, Some(reply)))
        }
    }
}

/// A mail that says nothing new, or not more than a file.
fn noted(ticket: &Ticket, entry: Entry, trace: &mut Vec<TraceStep>, now: Timestamp) -> Result<Applied, Rejected> {
    trace.push(step("answer", "nothing to send on: the mail says nothing new".into()));
    apply(ticket, Command::Note { entry: Entry { kind: EntryKind::Note, ..entry } }, now)
}

/// The ticket with the text and all that the commands ask for, as one change.
fn obeyed(ticket: &Ticket, entry: Entry, orders: &Orders, text: &str, now: Timestamp) -> Result<Applied, Vec<Slip>> {
    let by = entry.author.clone();
    let has_more = !entry.attachments.is_empty() || !entry.remarks.is_empty();
    let command = match (orders.note, text.is_empty()) {
        (false, false) => Some(Command::Reply { entry: Entry { kind: EntryKind::Comment, ..entry } }),
        (true, _) => Some(Command::Note { entry: Entry { kind: EntryKind::Note, ..entry } }),
        (false, true) if has_more => Some(Command::Note { entry: Entry { kind: EntryKind::Note, ..entry } }),
        (false, true) => None,
    };
    let refused = |line: &str, rejected| vec![Slip::refused(line, rejected, ticket.status)];
    let first = match command {
        Some(command) => apply(ticket, command, now).map_err(|rejected| refused("", rejected))?,
        None => Applied { ticket: ticket.clone(), entries: Vec::new() },
    };
    let actions: Vec<TicketAction> = orders.actions.iter().map(|(_, action)| action.clone()).collect();
    let mut applied = act(&first.ticket, &actions, &by, now).map_err(|rejected| {
        // The line at which it failed: the first that fails with all before it.
        let fails = |upto: &usize| actions.get(..*upto).is_some_and(|some| act(&first.ticket, some, &by, now).is_err());
        let at = (1..=actions.len()).find(fails).unwrap_or(actions.len());
        refused(orders.actions.get(at.saturating_sub(1)).map_or("", |(line, _)| line), rejected)
    })?;
    applied.entries.splice(0..0, first.entries);
    if applied.ticket != *ticket {
        applied.ticket.revision = Revision(ticket.revision.0 + 1);
    }
    Ok(applied)
}

/// The ticket with all that a mail says as a note of its author, and nothing else done.
///
/// # Errors
/// The mail is empty.
pub fn kept_as_note(before: &Ticket, entry: Entry, now: Timestamp) -> Result<PlannedTicket, Rejected> {
    let applied = apply(before, Command::Note { entry: Entry { kind: EntryKind::Note, ..entry } }, now)?;
    Ok(PlannedTicket { ticket: applied.ticket, entries: applied.entries })
}

/// Who an agent is in a thread.
pub(super) fn author(agent: &Agent) -> Author {
    Author::Agent { name: agent.name.clone() }
}
