//! Signs whole mails for one sender.

use super::key::{KeyProblem, SigningKey};
use crate::auth::{SecretError, Secrets, dkim_key};
use crate::store::kv::Read;
use mail_auth::common::crypto::{Ed25519Key, RsaKey, Sha256};
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::{Canonicalization, DkimSigner, Done};
use maildesk_core::settings::{Dkim, SenderName};

/// What is signed (RFC 6376 §5.4.1). From stands twice, so that a second From added on the way breaks the signature;
/// names that a mail does not have keep such a header from being added.
const HEADERS: [&str; 12] = [
    "From",
    "From",
    "Sender",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
];

#[derive(Debug, thiserror::Error)]
pub enum SignError {
    #[error("the DKIM key cannot be read: {0}")]
    Secret(#[from] SecretError),
    #[error("the DKIM key cannot be used: {0}")]
    Key(#[from] KeyProblem),
    #[error("the mail could not be signed: {0}")]
    Sign(String),
}

/// A sender's key with its place in DNS.
pub struct Signer(Kind);

enum Kind {
    Rsa(DkimSigner<RsaKey<Sha256>, Done>),
    Ed25519(DkimSigner<Ed25519Key, Done>),
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    /// Signs with this key, as the settings say.
    pub fn new(dkim: &Dkim, key: SigningKey) -> Self {
        macro_rules! signer {
            ($key:expr) => {
                DkimSigner::from_key($key)
                    .domain(dkim.domain.as_str())
                    .selector(dkim.selector.as_str())
                    .headers(HEADERS)
                    .header_canonicalization(Canonicalization::Relaxed)
                    .body_canonicalization(Canonicalization::Relaxed)
            };
        }
        Self(match key {
            SigningKey::Rsa(key) => Kind::Rsa(signer!(key)),
            SigningKey::Ed25519(key) => Kind::Ed25519(signer!(key)),
        })
    }

    /// With the key that the settings name.
    ///
    /// # Errors
    /// The secret cannot be resolved, or is no key of this kind.
    pub fn of_sender(
        dkim: &Dkim,
        sender: &SenderName,
        secrets: &Secrets,
        store: &impl Read,
    ) -> Result<Self, SignError> {
        let text = secrets.resolve(store, &dkim.key, &dkim_key(sender))?;
        Ok(Self::new(dkim, SigningKey::parse(dkim.algorithm, &text)?))
    }

    /// The mail with its signature before it. About a millisecond of CPU for RSA with 2048 bits.
    ///
    /// # Errors
    /// The mail has none of the headers that are signed.
    pub fn sign(&self, mail: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = match &self.0 {
            Kind::Rsa(signer) => signer.sign(mail),
            Kind::Ed25519(signer) => signer.sign(mail),
        };
        let header = signature.map_err(|error| SignError::Sign(error.to_string()))?.to_header();
        Ok([header.as_bytes(), mail].concat())
    }
}
