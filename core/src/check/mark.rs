//! The mark of a test mail: signed with the install's key for one recipient, so that nobody else can have mail dropped as a
//! check. One that went to somebody outside is of no use in the mailboxes of the desk.

use crate::address::Address;
use crate::route::token::TokenKeys;
use data_encoding::BASE32_NOPAD;
use jiff::{SignedDuration, Timestamp};

/// The header that carries the mark.
pub const HEADER: &str = "X-Maildesk-Check";

/// The rule that a test mail is dropped by.
pub const RULE: &str = "round trip of a check";

const PURPOSE: &str = "check";
/// A mark that was read off a mail is of no use to anybody later.
const LONGEST_WAY: SignedDuration = SignedDuration::from_hours(48);
/// Clocks are set back now and then.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// A mark before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    nonce: String,
    at: Timestamp,
}

impl Mark {
    /// `random` tells this check from every other.
    pub fn new(random: [u8; 10], at: Timestamp) -> Self {
        Self { nonce: BASE32_NOPAD.encode(&random).to_lowercase(), at }
    }

    /// The part that also stands in the subject.
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The header's value, in a mail to this address.
    pub fn sign(&self, key: &TokenKeys, to: &Address) -> String {
        let text = format!("{}.{}", self.at.as_second(), self.nonce);
        format!("{text}.{}", key.sign(PURPOSE, &signed_text(&text, &to.key())))
    }
}

fn signed_text(text: &str, to: &str) -> String {
    format!("{text} {to}")
}

/// Whether this install made the mark for one of the desk's own addresses (as keys), and lately.
pub fn is_genuine(value: &str, key: &TokenKeys, own: &[String], now: Timestamp) -> bool {
    let Some((text, signature)) = value.trim().rsplit_once('.') else { return false };
    let at = text.split_once('.').and_then(|(at, _)| at.parse().ok());
    let Some(at) = at.and_then(|second| Timestamp::from_second(second).ok()) else { return false };
    let age = now.duration_since(at);
    let for_us = |to: &String| key.verifies(PURPOSE, &signed_text(text, to), signature);
    age <= LONGEST_WAY && age >= -AHEAD && own.iter().any(for_us)
}
