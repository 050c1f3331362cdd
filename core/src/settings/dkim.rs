//! How a sender signs its mail (DKIM, RFC 6376; Ed25519 by RFC 8463).

use super::{FieldProblem, SecretSetting};
use crate::address::Domain;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest private key in bytes: an RSA key of 4096 bits in PEM fits; a store value holds no more.
const KEY_MAX: usize = 3800;

/// The algorithm of a signing key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DkimAlgorithm {
    /// rsa-sha256: every receiver checks it.
    Rsa,
    /// ed25519-sha256: short keys; some receivers still pass over it.
    Ed25519,
}

impl DkimAlgorithm {
    /// As `k=` of the DNS record names it (RFC 6376 §3.6.1, RFC 8463 §4).
    pub fn word(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }
}

impl fmt::Display for DkimAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Signing of one sender's mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dkim {
    /// `d=`: the domain that answers for the mail; DMARC wants the From address's.
    pub domain: Domain,
    /// `s=`: the public key stands in DNS at `SELECTOR._domainkey.DOMAIN`.
    pub selector: String,
    pub algorithm: DkimAlgorithm,
    /// The private key: PEM (PKCS #8, or PKCS #1 for RSA), or PKCS #8 in base64 on one line.
    pub key: SecretSetting,
    /// Whether mail waits while the key cannot be used; if not, it goes unsigned then.
    #[serde(default = "super::default_true")]
    pub required: bool,
}

impl Dkim {
    /// The name of the TXT record with the public key.
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }
}

/// Whether this can stand before `._domainkey`: one or more labels (RFC 6376 §3.1).
pub fn selector_fits(selector: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    selector.len() <= 120 && selector.split('.').all(label)
}

pub(super) fn validate(dkim: &Dkim, sender: &str, found: &mut Vec<FieldProblem>) {
    let at = |field: &str| format!("sender \"{sender}\": dkim.{field}");
    if !selector_fits(&dkim.selector) {
        found.push(FieldProblem::new(at("selector"), "is not a DNS label", "use a name such as maildesk or 2026a"));
    }
    match &dkim.key {
        // A key in PEM has many lines, unlike a password.
        SecretSetting::Value(text) if text.expose().trim().is_empty() || text.expose().len() > KEY_MAX => {
            found.push(FieldProblem::new(
                at("key"),
                format!("is empty or longer than {KEY_MAX} bytes"),
                "give the private key in PEM; make one with: maildesk dkim generate",
            ));
        }
        SecretSetting::Value(_) => {}
        other => super::validate::secret(other, at("key"), found),
    }
}
