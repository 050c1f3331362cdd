//! Who gets into which ticket, and as what (invariant 4). Tried in this order: reply tokens, Message-IDs of a thread,
//! the number in the subject.
//!
//! A token admits whom it was made for; anybody else who holds it becomes an unverified note. What is not signed
//! admits participants alone: who answers a known mail without having a part in the ticket gets a ticket of his own
//! that names the other one, and a number in the subject, which can be guessed, counts for nothing then. Nothing that
//! a stranger sends without a token writes on a ticket. An agent's address proves nothing by itself: without a token
//! that was made for the agent it is a note for the team, and so it is with such a token where the address was looked
//! into and is not proven to be the author's.

use super::lookups::{ClaimedTicket, DeskRules, Lookups, NamedTicket, Pointer};
use crate::address::Address;
use crate::directory::Contact;
use crate::ids::{ContactId, TicketNumber};
use crate::settings::Agent;
use crate::ticket::Ticket;
use crate::verdict::Authentication;

/// A ticket that a mail belongs to, and as what.
#[derive(Debug, Clone)]
pub(super) struct Admission<'a> {
    pub(super) ticket: &'a Ticket,
    pub(super) role: Role<'a>,
    /// Why, for the trace.
    pub(super) said: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role<'a> {
    /// A public comment.
    Participant,
    /// An internal note.
    Unverified,
    /// An internal note in the name of an agent who is not proven to have written it, and who is told.
    Doubted(&'a Agent),
    /// An answer that goes on to the requester.
    Agent(&'a Agent),
    /// A new ticket that names this one.
    Stranger,
}

/// Finds the ticket that a mail from this sender belongs to.
pub(super) fn admit<'a>(
    found: &'a Lookups,
    (sender, authentication): (&Address, &Authentication),
    desk: &DeskRules<'a>,
) -> Option<Admission<'a>> {
    let known = found.contact.as_ref();
    if let Some(agent) = desk.agent_of(sender) {
        return admit_agent(found, (sender, authentication), agent, desk);
    }
    let claimed = found.claimed.iter().find_map(|claimed| by_token(claimed, known, sender, desk));
    claimed.or_else(|| found.named.iter().find_map(|named| by_pointer(named, known, sender)))
}

/// By a token that was made for the agent; as anybody else on a ticket of the agent's own.
fn admit_agent<'a>(
    found: &'a Lookups,
    (sender, authentication): (&Address, &Authentication),
    agent: &'a Agent,
    desk: &DeskRules<'a>,
) -> Option<Admission<'a>> {
    let known = found.contact.as_ref();
    let requests = |ticket: &Ticket| known.is_some_and(|known| known.id == ticket.contact);
    let requested = |ids: &[ContactId]| known.is_some_and(|known| ids.contains(&known.id));
    let proved = found.claimed.iter().find_map(|claimed| {
        let ticket = &claimed.ticket;
        if requests(ticket) || requested(&claimed.formerly) {
            return by_token(claimed, known, sender, desk);
        }
        let made = agent.addresses.iter().any(|address| claimed.claim.made_for(desk.keys, address));
        let said = format!("reply token of #{}, made for agent {}", ticket.number, agent.name);
        let doubted = authentication.is_genuine(sender) == Some(false);
        let (role, said) = match doubted {
            true => (Role::Doubted(agent), format!("{said}, but {sender} is not proven to have written this")),
            false => (Role::Agent(agent), said),
        };
        made.then_some(Admission { ticket, role, said })
    });
    let own = found.named.iter().filter(|named| requests(&named.ticket));
    let mut own = own.filter_map(|named| by_pointer(named, known, sender));
    let pointed = found.claimed.iter().map(|claimed| &claimed.ticket);
    let mut pointed = pointed.chain(found.named.iter().map(|named| &named.ticket));
    proved.or_else(|| own.next()).or_else(|| {
        let ticket = pointed.next()?;
        let said = format!("points to #{} without a reply token made for agent {}", ticket.number, agent.name);
        Some(Admission { ticket, role: Role::Unverified, said })
    })
}

/// Whether a claim is genuine, and as what it lets this sender in.
fn by_token<'a>(
    claimed: &'a ClaimedTicket,
    contact: Option<&Contact>,
    sender: &Address,
    desk: &DeskRules<'_>,
) -> Option<Admission<'a>> {
    let ClaimedTicket { claim, ticket, formerly: _, recipient, redirected_to } = claimed;
    let known = contact.map_or(&[][..], |contact| &contact.addresses);
    let own = std::iter::once(sender).chain(known);
    let number = claim.ticket;
    let leads = leads(number, ticket);
    let admission = |role, said| Some(Admission { ticket, role, said });
    if own.clone().any(|address| claim.made_for(desk.keys, address)) {
        return admission(Role::Participant, format!("reply token of #{number}{leads}, made for {sender}"));
    }
    let recipient = recipient.as_ref().filter(|recipient| claim.made_for(desk.keys, recipient))?;
    // A mail to ann+shop@ is answered by ann@. Or a person has changed the recipient of the mail: the token is
    // genuine for the first, the mail went to the second.
    let is_own = |address: &Address| own.clone().any(|own| own.same_person(address));
    let theirs = [Some(recipient), redirected_to.as_ref()];
    if theirs.into_iter().flatten().any(is_own) {
        return admission(Role::Participant, format!("reply token of #{number}{leads}, made for {sender}"));
    }
    admission(Role::Unverified, format!("reply token of #{number}{leads}, made for somebody else than {sender}"))
}

/// Where a ticket leads to that was merged or split, for the trace.
fn leads(number: TicketNumber, to: &Ticket) -> String {
    if number == to.number { String::new() } else { format!(" (now #{})", to.number) }
}

/// Without a token: participants alone.
fn by_pointer<'a>(named: &'a NamedTicket, contact: Option<&Contact>, sender: &Address) -> Option<Admission<'a>> {
    let NamedTicket { ticket, pointed: number, by, writers } = named;
    let wrote = writers.iter().any(|(id, address)| {
        contact.is_some_and(|contact| contact.id == *id || contact.owns(address)) || address.key() == sender.key()
    });
    let participant = wrote || contact.is_some_and(|contact| contact.id == ticket.contact);
    let leads = leads(*number, ticket);
    let what = match by {
        Pointer::MessageId => format!("answers a mail of #{number}{leads}"),
        Pointer::Number => format!("[#{number}]{leads} in the subject"),
    };
    match (participant, by) {
        (true, _) => {
            let said = format!("{what}, in which {sender} takes part");
            Some(Admission { ticket, role: Role::Participant, said })
        }
        (false, Pointer::MessageId) => {
            let said = format!("{what}, in which {sender} has no part");
            Some(Admission { ticket, role: Role::Stranger, said })
        }
        (false, Pointer::Number) => None,
    }
}
