//! What the plan wants to know from the store, and what was found.

use super::token::{Claim, read_claim};
use crate::address::{Address, Domain};
use crate::directory::{Contact, Customer, customer_domain};
use crate::ids::MailId;
use crate::mail::InboundMail;
use crate::outbox::OutboxEntry;
use crate::ticket::Ticket;
use crate::verdict::{Bounce, Facts};

/// Reply tokens read from one mail at the most; a long thread carries several of ours.
const CLAIMS_READ: usize = 20;

/// Questions to the store. All are keys, none is a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Whom the mail is from; `None`: nobody can be answered.
    pub sender: Option<Address>,
    pub customer_domain: Option<Domain>,
    /// Newest first: In-Reply-To, then References from the end.
    pub claims: Vec<Claim>,
    /// Of a bounce: the mail of ours that it says came back.
    pub returned: Option<Claim>,
}

/// Answers from the store.
#[derive(Debug, Clone, Default)]
pub struct Lookups {
    /// A mail that this one repeats: same Message-ID, same content, same mailbox.
    pub duplicate_of: Option<MailId>,
    pub contact: Option<Contact>,
    pub customer: Option<Customer>,
    /// Those of the claims whose ticket exists, in the order of [`Wanted::claims`].
    pub claimed: Vec<ClaimedTicket>,
    /// What [`Wanted::returned`] names, where it is still there.
    pub returned: Option<ReturnedMail>,
}

/// A mail of ours that a bounce speaks of, not yet believed.
#[derive(Debug, Clone)]
pub struct ReturnedMail {
    pub claim: Claim,
    pub outbox: OutboxEntry,
    pub ticket: Ticket,
}

/// A ticket that a reply token names, and whom the token could have been made for.
#[derive(Debug, Clone)]
pub struct ClaimedTicket {
    pub claim: Claim,
    pub ticket: Ticket,
    /// The recipient of the mail that carried the token, where its outbox entry is still there.
    pub recipient: Option<Address>,
    /// Whom a person sent it to instead.
    pub redirected_to: Option<Address>,
}

/// Reads from a mail what must be looked up.
pub fn wanted(mail: &InboundMail, facts: &Facts) -> Wanted {
    let candidates = mail.from.iter().chain(&mail.sender).chain(&mail.reply_to);
    let sender = candidates.filter_map(|person| Address::parse(&person.address).ok()).next();
    let mut claims: Vec<Claim> = Vec::new();
    for id in mail.in_reply_to.iter().chain(mail.references.iter().rev()) {
        if let Some(claim) = read_claim(id)
            && !claims.contains(&claim)
            && claims.len() < CLAIMS_READ
        {
            claims.push(claim);
        }
    }
    let returned =
        facts.bounce.as_ref().and_then(returned).or_else(|| facts.bounce.as_ref().and(claims.first().cloned()));
    Wanted { customer_domain: sender.as_ref().and_then(customer_domain), sender, claims, returned }
}

/// By envelope id or by Message-ID: both carry the token.
fn returned(bounce: &Bounce) -> Option<Claim> {
    let envelope_id = bounce.envelope_id.as_deref().map(|id| id.trim_matches(['<', '>']));
    let ids = [envelope_id, bounce.original_message_id.as_deref()];
    ids.into_iter().flatten().find_map(read_claim)
}
