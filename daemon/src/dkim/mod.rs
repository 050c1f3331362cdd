//! DKIM signatures (RFC 6376, RFC 8463): the only folder that names mail-auth.
//!
//! A mail is signed when it is sent, not when it is queued: a key that cannot be read then leaves the mail due, a
//! new key takes effect at once, and the signature carries the time of sending. The signature is a header before the
//! mail; the queued bytes never change.

mod key;
mod sign;
#[cfg(test)]
mod tests;
mod verify;

pub use key::{KeyProblem, SigningKey};
pub use sign::{SignError, Signer};
pub use verify::{SignedMail, Verifier};
