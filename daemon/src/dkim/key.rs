//! Reads a private key as people have it, and tells its public half.

use data_encoding::BASE64;
use mail_auth::common::crypto::{Ed25519Key, RsaKey, Sha256};
use maildesk_core::doctor::dkim::rsa_public_key_info;
use maildesk_core::secret::SecretText;
use maildesk_core::settings::DkimAlgorithm;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use zeroize::Zeroizing;

/// What is wrong with a key. Nothing of the key itself stands here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    #[error("it is neither PEM nor base64")]
    Unreadable,
    #[error("it is no {0} key (PKCS #8; RSA needs at least 2048 bits)")]
    OtherKind(DkimAlgorithm),
}

/// A private key, ready to sign.
pub enum SigningKey {
    Rsa(RsaKey<Sha256>),
    Ed25519(Ed25519Key),
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Rsa(_) => "SigningKey(rsa)",
            Self::Ed25519(_) => "SigningKey(ed25519)",
        })
    }
}

impl SigningKey {
    /// Reads PEM (`PRIVATE KEY`, or `RSA PRIVATE KEY`), or PKCS #8 in base64 without the lines around it.
    ///
    /// # Errors
    /// The text is no key, or a key of another kind.
    pub fn parse(algorithm: DkimAlgorithm, text: &SecretText) -> Result<Self, KeyProblem> {
        let text = text.expose().trim();
        let der = if text.starts_with("-----BEGIN") {
            PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| KeyProblem::Unreadable)?
        } else {
            let digits: Zeroizing<String> = Zeroizing::new(text.split_whitespace().collect());
            let bytes = BASE64.decode(digits.as_bytes()).map_err(|_| KeyProblem::Unreadable)?;
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(bytes))
        };
        let other_kind = |_| KeyProblem::OtherKind(algorithm);
        match (algorithm, der) {
            (DkimAlgorithm::Rsa, der) => RsaKey::from_key_der(der).map(Self::Rsa).map_err(other_kind),
            // OpenSSL leaves the public half out of the file.
            (DkimAlgorithm::Ed25519, PrivateKeyDer::Pkcs8(der)) => {
                Ed25519Key::from_pkcs8_maybe_unchecked_der(der.secret_pkcs8_der())
                    .map(Self::Ed25519)
                    .map_err(other_kind)
            }
            (DkimAlgorithm::Ed25519, _) => Err(KeyProblem::OtherKind(algorithm)),
        }
    }

    /// The public half in base64 as `p=` of the DNS record holds it: SubjectPublicKeyInfo for RSA, the bare key for
    /// Ed25519.
    pub fn public(&self) -> String {
        match self {
            Self::Rsa(key) => BASE64.encode(&rsa_public_key_info(&key.public_key())),
            Self::Ed25519(key) => BASE64.encode(&key.public_key()),
        }
    }
}
