//! What the plan wants to know from the store, and what was found.

use super::token::{Claim, TokenKeys, read_claim, read_plus_address};
use crate::address::{Address, Domain};
use crate::directory::{Block, Contact, Customer, Person, author, customer_domain};
use crate::ids::{ContactId, MailId, TicketNumber};
use crate::invitation::{Invitation, InvitationToken, named_in};
use crate::mail::{InboundMail, ReturnPath};
use crate::outbox::OutboxEntry;
use crate::settings::{Agent, ZoneName};
use crate::ticket::Ticket;
use crate::verdict::{Bounce, Facts};

/// Reply tokens, Message-IDs and addresses read from one mail at the most; a long thread carries several of ours.
const READ: usize = 20;
/// Ticket numbers read from one subject at the most.
const NUMBERS_READ: usize = 3;

/// What a decision rests on beside the mail and the store.
#[derive(Debug, Clone, Copy)]
pub struct DeskRules<'a> {
    pub keys: &'a TokenKeys,
    /// Addresses that are the desk itself, as keys.
    pub own: &'a [String],
    pub agents: &'a [Agent],
    /// Days after which an answer to a resolved ticket is a new ticket.
    pub reopen_days: u32,
    /// Of days that agents name who have no zone of their own.
    pub zone: &'a ZoneName,
}

impl<'a> DeskRules<'a> {
    /// The agent who has this address.
    pub fn agent_of(&self, address: &Address) -> Option<&'a Agent> {
        self.agents.iter().find(|agent| agent.owns(address))
    }
}

/// Questions to the store. All are keys, none is a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Whom the mail is from; `None`: nobody can be answered.
    pub sender: Option<Address>,
    pub sender_name: Option<String>,
    /// Sender and From, where they differ: whom a block may name.
    pub written_by: Vec<Address>,
    pub customer_domain: Option<Domain>,
    /// Newest first: In-Reply-To, then References from the end, then plus addresses of the recipients.
    pub claims: Vec<Claim>,
    /// Mails that it answers, the newest first, as written.
    pub message_ids: Vec<String>,
    /// Of `[#number]` in the subject.
    pub numbers: Vec<TicketNumber>,
    /// Of a bounce: the mail of ours that it says came back.
    pub returned: Option<Claim>,
    /// Its own Message-ID, where that has the form of ours.
    pub own: Option<Claim>,
    /// Who wrote the mail that an agent passes on.
    pub forwarded: Option<Person>,
    /// The invitation that it answers.
    pub invitation: Option<InvitationToken>,
}

/// Answers from the store.
#[derive(Debug, Clone, Default)]
pub struct Lookups {
    /// A mail that this one repeats: same Message-ID, same content, same mailbox.
    pub duplicate_of: Option<MailId>,
    /// Lines of the block list that cover [`Wanted::written_by`], in force or not.
    pub blocks: Vec<Block>,
    pub contact: Option<Contact>,
    pub customer: Option<Customer>,
    /// Of the person of [`Wanted::forwarded`].
    pub original_contact: Option<Contact>,
    pub original_customer: Option<Customer>,
    /// Those of the claims whose ticket exists, in the order of [`Wanted::claims`].
    pub claimed: Vec<ClaimedTicket>,
    /// Tickets that the mail points to without a token: by Message-IDs first, then by numbers.
    pub named: Vec<NamedTicket>,
    /// What [`Wanted::returned`] names, where it is still there.
    pub returned: Option<ReturnedMail>,
    /// Whom the mail went to that [`Wanted::own`] names.
    pub own_recipient: Option<Address>,
    /// The invitation of [`Wanted::invitation`], where there is one of this number.
    pub invitation: Option<FoundInvitation>,
}

/// An invitation that a mail names, not yet believed.
#[derive(Debug, Clone)]
pub struct FoundInvitation {
    pub invitation: Invitation,
    /// Why the settings of now do not take the person, if they do not.
    pub problem: Option<String>,
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
    /// The one that it names, or the one that this leads to since it was merged or split.
    pub ticket: Ticket,
    /// Requesters of the tickets that lead to this one.
    pub formerly: Vec<ContactId>,
    /// The recipient of the mail that carried the token, where its outbox entry is still there.
    pub recipient: Option<Address>,
    /// Whom a person sent it to instead.
    pub redirected_to: Option<Address>,
}

/// How a mail points to a ticket without a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointer {
    /// It answers a mail of the ticket's thread.
    MessageId,
    /// Its subject holds `[#number]`, which anybody can guess.
    Number,
}

/// A ticket that a mail points to, and who has a part in it beside its requester.
#[derive(Debug, Clone)]
pub struct NamedTicket {
    pub ticket: Ticket,
    /// The number that the mail points to; it leads to this ticket.
    pub pointed: TicketNumber,
    pub by: Pointer,
    /// Authors of its newest public comments, and requesters of the tickets that lead to it.
    pub writers: Vec<(ContactId, Address)>,
}

/// Reads from a mail what must be looked up. `forwarded` is who wrote the mail that an agent passes on.
pub fn wanted(mail: &InboundMail, facts: &Facts, desk: &DeskRules<'_>, forwarded: Option<Person>) -> Wanted {
    let (sender, sender_name) = author(mail, desk.own).map_or((None, None), |one| (Some(one.address), one.name));
    let from = mail.from.as_ref().and_then(|from| Address::parse(&from.address).ok());
    let written_by = from.into_iter().filter(|from| sender.as_ref() != Some(from));
    let message_ids: Vec<String> =
        mail.in_reply_to.iter().chain(mail.references.iter().rev()).take(READ).cloned().collect();
    let mut claims: Vec<Claim> = Vec::new();
    for claim in message_ids.iter().filter_map(|id| read_claim(id)).chain(plus_claims(mail)) {
        if !claims.contains(&claim) && claims.len() < READ {
            claims.push(claim);
        }
    }
    let returned =
        facts.bounce.as_ref().and_then(returned).or_else(|| facts.bounce.as_ref().and(claims.first().cloned()));
    Wanted {
        written_by: sender.iter().cloned().chain(written_by).collect(),
        customer_domain: sender.as_ref().and_then(customer_domain),
        sender,
        sender_name,
        claims,
        message_ids,
        numbers: numbers(&mail.subject),
        returned,
        own: mail.message_id.as_deref().and_then(read_claim),
        forwarded,
        invitation: named_in(mail),
    }
}

/// The address that stands for whoever sends without naming any (RFC 2606 §2: nobody has it).
const NOBODY: &str = "unknown-sender@sender.invalid";

impl Wanted {
    /// The look-ups of a mail that a person lets through: where it names no sender, it is from the address of its
    /// envelope, or else from nobody, who has a part in no ticket.
    #[must_use]
    pub fn let_through(mut self, mail: &InboundMail) -> Self {
        if self.sender.is_some() {
            return self;
        }
        let envelope = match &mail.return_path {
            ReturnPath::Address(address) => Address::parse(address).ok(),
            ReturnPath::Absent | ReturnPath::Null => None,
        };
        if envelope.is_none() {
            self.sender_name = Some("Unknown sender".to_owned());
            (self.claims, self.message_ids, self.numbers, self.invitation) = Default::default();
        }
        self.sender = envelope.or_else(|| Address::parse(NOBODY).ok());
        self.customer_domain = self.sender.as_ref().and_then(customer_domain);
        self.written_by.extend(self.sender.clone());
        self
    }
}

/// Tokens behind the plus of those whom the mail went to, by its header or as servers noted it.
fn plus_claims(mail: &InboundMail) -> impl Iterator<Item = Claim> {
    let noted = ["Delivered-To", "X-Original-To", "Envelope-To"];
    let noted = noted.into_iter().flat_map(|name| mail.headers_named(name)).map(|value| value.trim_matches(['<', '>']));
    let named = mail.to.iter().chain(&mail.cc).map(|to| to.address.as_str());
    named.chain(noted).take(5 * READ).filter_map(read_plus_address)
}

/// Numbers of the form `[#42]` in a subject.
fn numbers(subject: &str) -> Vec<TicketNumber> {
    let pieces = subject.split("[#").skip(1).filter_map(|piece| piece.split_once(']'));
    let mut found: Vec<TicketNumber> = Vec::new();
    for number in pieces.filter_map(|(digits, _)| digits.parse().ok()).map(TicketNumber) {
        if !found.contains(&number) && found.len() < NUMBERS_READ {
            found.push(number);
        }
    }
    found
}

/// By envelope id or by Message-ID: both carry the token.
fn returned(bounce: &Bounce) -> Option<Claim> {
    let envelope_id = bounce.envelope_id.as_deref().map(|id| id.trim_matches(['<', '>']));
    let ids = [envelope_id, bounce.original_message_id.as_deref()];
    ids.into_iter().flatten().find_map(read_claim)
}

#[test]
fn numbers_of_a_subject_are_read_in_their_form_alone() {
    let read = |subject| numbers(subject).into_iter().map(|number| number.0).collect::<Vec<_>>();
    assert_eq!(read("Re: [#42] printer [#7] [#42]"), [42, 7]);
    for other in ["#42", "[42]", "[# 42]", "[#42", "[#-1]", "[#99999999999999999999999]", "[#]"] {
        assert_eq!(read(other), [0; 0], "{other}");
    }
    assert_eq!(read("[#1][#2][#3][#4]").len(), NUMBERS_READ);
}
