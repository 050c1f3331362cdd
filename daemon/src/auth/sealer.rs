//! Sealing: XChaCha20-Poly1305 with the place of the secret as associated data, so that a sealed value cannot be
//! moved to another place.

use crate::clock::{NoRandomness, random_bytes};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

const NONCE_BYTES: usize = 24;

#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("the secret for {place} does not open: the key is another one, or the value is damaged; set it anew")]
    DoesNotOpen { place: String },
    #[error("the secret for {place} is too long to seal")]
    TooLong { place: String },
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

/// Seals and opens with one key.
#[derive(Clone)]
pub struct Sealer(XChaCha20Poly1305);

impl Sealer {
    pub fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    pub fn seal(&self, place: &str, secret: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce = random_bytes::<NONCE_BYTES>()?;
        let payload = Payload { msg: secret, aad: place.as_bytes() };
        let sealed = self.0.encrypt(XNonce::from_slice(&nonce), payload);
        let sealed = sealed.map_err(|_| SealError::TooLong { place: place.to_owned() })?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let failed = || SealError::DoesNotOpen { place: place.to_owned() };
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(failed)?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        self.0.decrypt(XNonce::from_slice(nonce), payload).map(Zeroizing::new).map_err(|_| failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_in_its_place_with_its_key() {
        let sealer = Sealer::new(&[1; 32]);
        let sealed = sealer.seal("sender/a", b"hunter2").unwrap();
        assert!(!sealed.windows(7).any(|part| part == b"hunter2"));
        assert_eq!(sealer.open("sender/a", &sealed).unwrap().as_slice(), b"hunter2");
        assert!(sealer.open("sender/b", &sealed).is_err());
        assert!(Sealer::new(&[2; 32]).open("sender/a", &sealed).is_err());
        assert!(sealer.open("sender/a", b"short").is_err());
    }
}
