//! The reply token: the signed part of our Message-ID that says which ticket, entry and recipient a reply belongs to.
//!
//! `<md.TICKET.ENTRY.OUTBOX.SIGNATURE@domain>`: numbers in the clear, 120 bits of HMAC-SHA-256 over them and the
//! recipient's address in base32. The recipient is not written; whoever answers must be the one it was made for.

use crate::address::{Address, Domain};
use crate::ids::{EntryNumber, OutboxId, TicketNumber};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

const PREFIX: &str = "md";
/// 15 bytes are 120 bits, above the 80 that invariant 4 asks for, and 24 characters without padding.
const SIGNATURE_BYTES: usize = 15;

/// A per-install signing key.
#[derive(Clone)]
pub struct TokenKey([u8; 32]);

impl TokenKey {
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Other keys derived from this one for other purposes, such as naming this install to itself.
    pub fn derive(&self, purpose: &str) -> String {
        let mut mac = self.mac();
        mac.update(b"derive\0");
        mac.update(purpose.as_bytes());
        BASE32_NOPAD.encode(&mac.finalize().into_bytes()).to_lowercase().chars().take(20).collect()
    }

    /// A signature over `text` for one purpose: 120 bits in base32.
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        let signature = self.purposed(purpose, text).finalize().into_bytes();
        BASE32_NOPAD.encode(signature.split_at(SIGNATURE_BYTES).0).to_lowercase()
    }

    /// Whether [`sign`](Self::sign) made this signature for this text and purpose. Compared in constant time.
    pub fn verifies(&self, purpose: &str, text: &str, signature: &str) -> bool {
        let signature = BASE32_NOPAD.decode(signature.to_uppercase().as_bytes()).unwrap_or_default();
        signature.len() == SIGNATURE_BYTES && self.purposed(purpose, text).verify_truncated_left(&signature).is_ok()
    }

    fn purposed(&self, purpose: &str, text: &str) -> Hmac<Sha256> {
        let mut mac = self.mac();
        mac.update(b"sign\0");
        mac.update(purpose.as_bytes());
        mac.update(b"\0");
        mac.update(text.as_bytes());
        mac
    }

    fn mac(&self) -> Hmac<Sha256> {
        // HMAC pads short keys to the hash's block with zeros (RFC 2104 §2); done here, there is no error to have.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        Hmac::new(&block.into())
    }
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKey([redacted])")
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
    key: &TokenKey,
    ticket: TicketNumber,
    entry: EntryNumber,
    outbox: OutboxId,
    recipient: &Address,
    domain: &Domain,
) -> String {
    let signature = sign(key, ticket, entry, outbox, recipient).finalize().into_bytes();
    let signature = BASE32_NOPAD.encode(signature.split_at(SIGNATURE_BYTES).0).to_lowercase();
    format!("{PREFIX}.{ticket}.{entry}.{outbox}.{signature}@{domain}")
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
    pub fn made_for(&self, key: &TokenKey, recipient: &Address) -> bool {
        sign(key, self.ticket, self.entry, self.outbox, recipient).verify_truncated_left(&self.signature).is_ok()
    }
}

fn sign(
    key: &TokenKey,
    ticket: TicketNumber,
    entry: EntryNumber,
    outbox: OutboxId,
    recipient: &Address,
) -> Hmac<Sha256> {
    let mut mac = key.mac();
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

    fn made() -> (TokenKey, Address, String) {
        let key = TokenKey::new([7; 32]);
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
        assert!(!claim.made_for(&TokenKey::new([8; 32]), &ann), "another install");
        assert!(read_claim(&id.to_uppercase()).unwrap().made_for(&key, &ann), "a client changed the case");
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
