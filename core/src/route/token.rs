//! The reply token: the signed part of our Message-ID that says which ticket, entry and recipient a reply belongs to.
//!
//! `<md.TICKET.ENTRY.OUTBOX.SIGNATURE@domain>`: numbers in the clear, 120 bits of HMAC-SHA-256 over them and the
//! recipient's address in base32. The recipient is not written; whoever answers must be the one it was made for.

use crate::address::{Address, Domain};
use crate::ids::{EntryNumber, OutboxId, TicketNumber};
use crate::invitation::read_token;
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

const PREFIX: &str = "md";
/// 15 bytes are 120 bits, above the 80 that invariant 4 asks for, and 24 characters without padding.
const SIGNATURE_BYTES: usize = 15;

/// The signing keys of an install: the newest signs, those before it still verify.
#[derive(Clone)]
pub struct TokenKeys {
    newest: [u8; 32],
    older: Vec<[u8; 32]>,
}

impl TokenKeys {
    /// One key and none before it.
    pub fn new(newest: [u8; 32]) -> Self {
        Self { newest, older: Vec::new() }
    }

    /// What these keys signed is still known.
    #[must_use]
    pub fn with_older(mut self, older: Vec<[u8; 32]>) -> Self {
        self.older = older;
        self
    }

    /// Other keys derived from this one for other purposes, such as naming this install to itself.
    pub fn derive(&self, purpose: &str) -> String {
        let mut mac = mac(&self.newest);
        mac.update(b"derive\0");
        mac.update(purpose.as_bytes());
        BASE32_NOPAD.encode(&mac.finalize().into_bytes()).to_lowercase().chars().take(20).collect()
    }

    /// A signature over `text` for one purpose: 120 bits in base32.
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        let signature = purposed(&self.newest, purpose, text).finalize().into_bytes();
        BASE32_NOPAD.encode(signature.split_at(SIGNATURE_BYTES).0).to_lowercase()
    }

    /// Whether [`sign`](Self::sign) made this signature for this text and purpose. Compared in constant time.
    pub fn verifies(&self, purpose: &str, text: &str, signature: &str) -> bool {
        let signature = BASE32_NOPAD.decode(signature.to_uppercase().as_bytes()).unwrap_or_default();
        signature.len() == SIGNATURE_BYTES
            && self.every().any(|key| purposed(key, purpose, text).verify_truncated_left(&signature).is_ok())
    }

    fn every(&self) -> impl Iterator<Item = &[u8; 32]> {
        std::iter::once(&self.newest).chain(&self.older)
    }
}

fn purposed(key: &[u8; 32], purpose: &str, text: &str) -> Hmac<Sha256> {
    let mut mac = mac(key);
    mac.update(b"sign\0");
    mac.update(purpose.as_bytes());
    mac.update(b"\0");
    mac.update(text.as_bytes());
    mac
}

fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    // HMAC pads short keys to the hash's block with zeros (RFC 2104 §2); done here, there is no error to have.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    Hmac::new(&block.into())
}

impl std::fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKeys([redacted])")
    }
}

/// What a Message-ID of ours claims, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub ticket: TicketNumber,
    pub entry: EntryNumber,
    pub outbox: OutboxId,
    signature: Vec<u8>,
}

/// A Message-ID, without angle brackets, for a mail about a ticket to one recipient.
pub fn message_id(
    keys: &TokenKeys,
    ticket: TicketNumber,
    entry: EntryNumber,
    outbox: OutboxId,
    recipient: &Address,
    domain: &Domain,
) -> String {
    let signature = sign(&keys.newest, ticket, entry, outbox, recipient).finalize().into_bytes();
    let signature = BASE32_NOPAD.encode(signature.split_at(SIGNATURE_BYTES).0).to_lowercase();
    format!("{PREFIX}.{ticket}.{entry}.{outbox}.{signature}@{domain}")
}

/// The plus address that carries the same token as a Message-ID: `support+md.TICKET.ENTRY.OUTBOX.SIGNATURE@domain`.
/// The same for the token of an invitation. `None` where the Message-ID is not of our form, or the local part would be longer than RFC 5321 §4.5.3.1.1 allows.
pub fn plus_address(base: &Address, message_id: &str) -> Option<Address> {
    if read_claim(message_id).is_none() && read_token(message_id).is_none() {
        return None;
    }
    let (token, _) = message_id.split_once('@')?;
    Address::parse(&format!("{}+{token}@{}", base.local(), base.domain())).ok()
}

/// Reads the token behind the plus of an address; `None` where there is none of our form.
pub fn read_plus_address(address: &str) -> Option<Claim> {
    let (local, domain) = address.rsplit_once('@')?;
    let (_, token) = local.rsplit_once('+')?;
    read_claim(&format!("{token}@{domain}"))
}

/// Reads a Message-ID without angle brackets; `None` where it is not of our form. Case does not matter: some
/// clients change it.
pub fn read_claim(message_id: &str) -> Option<Claim> {
    let (local, _) = message_id.split_once('@')?;
    let mut parts = local.split('.');
    if !parts.next()?.eq_ignore_ascii_case(PREFIX) {
        return None;
    }
    let ticket = TicketNumber(parts.next()?.parse().ok()?);
    let entry = EntryNumber(parts.next()?.parse().ok()?);
    let outbox = OutboxId(parts.next()?.parse().ok()?);
    let signature = BASE32_NOPAD.decode(parts.next()?.to_uppercase().as_bytes()).ok()?;
    let whole = parts.next().is_none() && signature.len() == SIGNATURE_BYTES;
    whole.then_some(Claim { ticket, entry, outbox, signature })
}

impl Claim {
    /// Whether this token was made by this install for this recipient. Compared in constant time.
    pub fn made_for(&self, keys: &TokenKeys, recipient: &Address) -> bool {
        let signed = |key| sign(key, self.ticket, self.entry, self.outbox, recipient);
        keys.every().any(|key| signed(key).verify_truncated_left(&self.signature).is_ok())
    }
}

fn sign(
    key: &[u8; 32],
    ticket: TicketNumber,
    entry: EntryNumber,
    outbox: OutboxId,
    recipient: &Address,
) -> Hmac<Sha256> {
    let mut mac = mac(key);
    mac.update(b"reply\0");
    mac.update(&ticket.0.to_be_bytes());
    mac.update(&entry.0.to_be_bytes());
    mac.update(&outbox.0.to_be_bytes());
    mac.update(recipient.key().as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> (TokenKeys, Address, String) {
        let key = TokenKeys::new([7; 32]);
        let ann = Address::parse("Ann@acme.example").unwrap();
        let domain = Domain::parse("desk.example").unwrap();
        let id = message_id(&key, TicketNumber(42), EntryNumber(3), OutboxId(9), &ann, &domain);
        (key, ann, id)
    }

    #[test]
    fn a_token_admits_its_recipient_only() {
        let (key, ann, id) = made();
        let claim = read_claim(&id).unwrap();
        assert_eq!((claim.ticket, claim.entry, claim.outbox), (TicketNumber(42), EntryNumber(3), OutboxId(9)));
        assert!(claim.made_for(&key, &ann));
        assert!(claim.made_for(&key, &Address::parse("ANN@ACME.example").unwrap()), "case is folded");
        assert!(!claim.made_for(&key, &Address::parse("eve@acme.example").unwrap()));
        assert!(!claim.made_for(&TokenKeys::new([8; 32]), &ann), "another install");
        assert!(read_claim(&id.to_uppercase()).unwrap().made_for(&key, &ann), "a client changed the case");
    }

    #[test]
    fn what_an_older_key_signed_is_known_as_long_as_it_is_kept() {
        let (_, ann, id) = made();
        let rotated = TokenKeys::new([8; 32]).with_older(vec![[9; 32], [7; 32]]);
        assert!(read_claim(&id).unwrap().made_for(&rotated, &ann));
        assert!(!read_claim(&id).unwrap().made_for(&TokenKeys::new([8; 32]).with_older(vec![[9; 32]]), &ann));
        let domain = Domain::parse("desk.example").unwrap();
        let fresh = message_id(&rotated, TicketNumber(42), EntryNumber(3), OutboxId(9), &ann, &domain);
        assert!(read_claim(&fresh).unwrap().made_for(&TokenKeys::new([8; 32]), &ann), "the newest signs");
        let mark = TokenKeys::new([7; 32]).sign("check", "text");
        assert!(rotated.verifies("check", "text", &mark) && !rotated.verifies("check", "other", &mark));
    }

    #[test]
    fn a_plus_address_carries_the_token() {
        let (key, ann, id) = made();
        let desk = Address::parse("support@desk.example").unwrap();
        let plus = plus_address(&desk, &id).unwrap();
        assert!(plus.as_str().starts_with("support+md.42.3.9.") && plus.domain() == "desk.example", "{plus}");
        for written in [plus.to_string(), plus.to_string().to_uppercase()] {
            assert!(read_plus_address(&written).unwrap().made_for(&key, &ann), "{written}");
        }
        let long = Address::parse(&format!("{}@desk.example", "s".repeat(40))).unwrap();
        assert_eq!(plus_address(&long, &id), None, "no server would take so long a name");
        assert_eq!(plus_address(&desk, "5.unsigned"), None);
        for other in ["support@desk.example", "support+shop@desk.example", "support", "+md.1.1.1.short@x"] {
            assert_eq!(read_plus_address(other), None, "{other}");
        }
    }

    #[test]
    fn every_changed_number_breaks_it() {
        let (key, ann, id) = made();
        for (from, to) in [("md.42.", "md.43."), (".3.", ".4."), (".9.", ".8.")] {
            let forged = id.replacen(from, to, 1);
            assert_ne!(forged, id);
            assert!(!read_claim(&forged).unwrap().made_for(&key, &ann), "{forged}");
        }
    }

    #[test]
    fn other_message_ids_are_not_ours() {
        for id in [
            "",
            "x@y",
            "md.1.1.1.short@x",
            "md.1.1@x",
            "md.a.1.1.aaaaaaaaaaaaaaaaaaaaaaaa@x",
            "md.1.1.1.aaaaaaaaaaaaaaaaaaaaaaaa.1@x",
        ] {
            assert_eq!(read_claim(id), None, "{id}");
        }
    }
}
