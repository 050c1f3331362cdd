//! The token of an invitation: `mdi.INVITATION.SENDING.SIGNATURE`, the local part of its mail's Message-ID, and what a
//! person types to accept it. It is signed with the keys of reply tokens for a purpose of its own, so that neither is
//! ever taken for the other.

use crate::address::Address;
use crate::ids::InvitationId;
use crate::mail::InboundMail;
use crate::route::token::TokenKeys;

const PREFIX: &str = "mdi";
const PURPOSE: &str = "invitation";
/// Addresses of one mail that are looked at.
const READ: usize = 40;

/// What a token claims, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationToken {
    pub id: InvitationId,
    pub sending: u32,
    signature: String,
}

/// The token of the newest mail of an invitation.
pub fn token_of(keys: &TokenKeys, id: InvitationId, sending: u32, to: &Address) -> String {
    format!("{PREFIX}.{id}.{sending}.{}", keys.sign(PURPOSE, &signed(id, sending, to)))
}

fn signed(id: InvitationId, sending: u32, to: &Address) -> String {
    format!("{id}.{sending}.{}", to.key())
}

/// Reads a token, alone or as a Message-ID, with or without angle brackets. Case does not matter.
pub fn read_token(text: &str) -> Option<InvitationToken> {
    let text = text.trim().trim_matches(['<', '>']);
    let local = text.split_once('@').map_or(text, |(local, _)| local);
    let mut parts = local.split('.');
    if !parts.next()?.eq_ignore_ascii_case(PREFIX) {
        return None;
    }
    let id = InvitationId(parts.next()?.parse().ok()?);
    let sending = parts.next()?.parse().ok()?;
    let signature = parts.next().filter(|part| !part.is_empty() && part.len() <= 64)?.to_lowercase();
    parts.next().is_none().then_some(InvitationToken { id, sending, signature })
}

impl InvitationToken {
    /// Whether this install made it for this address. Compared in constant time.
    pub fn made_for(&self, keys: &TokenKeys, to: &Address) -> bool {
        keys.verifies(PURPOSE, &signed(self.id, self.sending, to), &self.signature)
    }
}

/// The token of the mail that this one answers, or behind the plus of an address it went to. What stands further back
/// in the thread says nothing: who goes on writing does not accept again.
pub fn named_in(mail: &InboundMail) -> Option<InvitationToken> {
    let answered = mail.in_reply_to.first().or(mail.references.last());
    let tagged = mail.to.iter().chain(&mail.cc).take(READ).filter_map(|to| {
        let (local, _) = to.address.rsplit_once('@')?;
        read_token(local.rsplit_once('+')?.1)
    });
    answered.and_then(|id| read_token(id)).into_iter().chain(tagged).next()
}
