//! What the store knows about a mail: whom it is from, which tickets it points to, whether it came before.

use crate::outbox::returned_mail;
use crate::store::error::StoreError;
use crate::store::kv::Read;
use crate::store::places::{Reached, reach};
use crate::store::{blocks, contacts, contents, customers, entries, invitations, outbox, settings, threads, tickets};
use maildesk_core::address::Address;
use maildesk_core::directory::{Contact, customer_domain};
use maildesk_core::ids::{ContactId, TicketNumber};
use maildesk_core::invitation::InvitationToken;
use maildesk_core::mail::InboundMail;
use maildesk_core::route::{ClaimedTicket, FoundInvitation, Lookups, NamedTicket, Origin, Pointer, Wanted};
use maildesk_core::ticket::{Author, EntryKind, Ticket};

/// Newest entries of a ticket looked through for people who take part in it.
const WRITERS_WINDOW: usize = 100;
/// Tickets looked at that a mail points to without a token.
const NAMED_MOST: usize = 4;

pub(super) fn look_up(
    tx: &impl Read,
    origin: &Origin,
    mail: &InboundMail,
    wanted: &Wanted,
) -> Result<Lookups, StoreError> {
    let duplicate_of = match mail.message_id {
        Some(_) => contents::find(tx, &origin.mailbox, &mail.content_fingerprint)?,
        // Without a Message-ID two equal mails are two mails: devices send such.
        None => None,
    };
    let mut found = Lookups { duplicate_of, returned: returned_mail(tx, wanted)?, ..Lookups::default() };
    for address in &wanted.written_by {
        found.blocks.extend(blocks::covering(tx, address)?);
    }
    found.contact = wanted.sender.as_ref().map(|sender| contact_of(tx, sender)).transpose()?.flatten();
    found.customer =
        wanted.customer_domain.as_ref().map(|domain| customers::by_domain(tx, domain)).transpose()?.flatten();
    if let Some(original) = &wanted.forwarded {
        found.original_contact = contact_of(tx, &original.address)?;
        let domain = customer_domain(&original.address);
        found.original_customer = domain.map(|domain| customers::by_domain(tx, &domain)).transpose()?.flatten();
    }
    if let Some(own) = &wanted.own {
        found.own_recipient = outbox::get(tx, own.outbox)?.map(|entry| entry.token_recipient().clone());
    }
    for claim in &wanted.claims {
        if let Some(ticket) = tickets::get(tx, claim.ticket)? {
            let carrier = outbox::get(tx, claim.outbox)?;
            let recipient = carrier.as_ref().map(|entry| entry.token_recipient().clone());
            let redirected_to = carrier.filter(|entry| entry.first_to.is_some()).map(|entry| entry.to);
            let Reached { ticket, formerly } = reach(tx, ticket, Some(claim.entry))?;
            found.claimed.push(ClaimedTicket { claim: claim.clone(), ticket, formerly, recipient, redirected_to });
        }
    }
    if let Some(token) = &wanted.invitation {
        found.invitation = invitation(tx, token)?;
    }
    found.named = named(tx, wanted)?;
    Ok(found)
}

/// The invitation of a token, and whether the settings of now take the person.
fn invitation(read: &impl Read, token: &InvitationToken) -> Result<Option<FoundInvitation>, StoreError> {
    let Some(invitation) = invitations::get(read, token.id)? else { return Ok(None) };
    let problems = invitation.accepted_in(&settings::get(read)?.1).err();
    let problem = problems.map(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
    Ok(Some(FoundInvitation { invitation, problem }))
}

/// The contact of an address; of one with a tag behind a plus that is not known as it stands, the contact without it.
fn contact_of(read: &impl Read, address: &Address) -> Result<Option<Contact>, StoreError> {
    match (contacts::by_address(read, address)?, address.untagged()) {
        (None, Some(untagged)) => contacts::by_address(read, &untagged),
        (known, _) => Ok(known),
    }
}

/// Tickets that a mail points to by what it answers, then by its subject.
fn named(read: &impl Read, wanted: &Wanted) -> Result<Vec<NamedTicket>, StoreError> {
    let mut pointed: Vec<(TicketNumber, Pointer)> = Vec::new();
    for id in &wanted.message_ids {
        for number in threads::find(read, id, NAMED_MOST)? {
            pointed.push((number, Pointer::MessageId));
        }
        if pointed.len() >= NAMED_MOST {
            break;
        }
    }
    pointed.extend(wanted.numbers.iter().map(|number| (*number, Pointer::Number)));
    let mut found: Vec<NamedTicket> = Vec::new();
    for (number, by) in pointed {
        if found.iter().any(|known| known.ticket.number == number) {
            continue;
        }
        let Some(ticket) = tickets::get(read, number)? else { continue };
        let Reached { ticket, formerly } = reach(read, ticket, None)?;
        // Two that were merged are one.
        if found.iter().all(|known| known.ticket.number != ticket.number) {
            let mut writers = writers(read, &ticket)?;
            for id in formerly {
                let requester = contacts::get(read, id)?;
                writers.extend(requester.and_then(|one| Some((one.id, one.addresses.into_iter().next()?))));
            }
            found.push(NamedTicket { ticket, pointed: number, by, writers });
        }
    }
    Ok(found)
}

/// Authors of a ticket's newest public comments, each once; of merged contacts the one that is left.
fn writers(read: &impl Read, ticket: &Ticket) -> Result<Vec<(ContactId, Address)>, StoreError> {
    let mut found: Vec<(ContactId, Address)> = Vec::new();
    for entry in entries::newest(read, ticket, WRITERS_WINDOW)? {
        let (EntryKind::Comment, Author::Contact { id, address, .. }) = (entry.kind, entry.author) else { continue };
        let id = contacts::get(read, id)?.map_or(id, |contact| contact.id);
        if !found.contains(&(id, address.clone())) {
            found.push((id, address));
        }
    }
    Ok(found)
}
