//! The keys that sign reply tokens: sealed in the store, replaced now and again, never shown.

use super::sealer::{SealError, Sealer};
use crate::clock::{NoRandomness, random_bytes};
use crate::store::install::{Install, OlderKey};
use jiff::Timestamp;
use maildesk_core::route::token::TokenKeys;

const PLACE: &str = "install/token_key";
/// Older keys that still verify; with one more the oldest is forgotten, and what it signed is a stranger's.
const OLDER_KEPT: usize = 30;

#[derive(Debug, thiserror::Error)]
pub enum TokenKeyError {
    #[error("a signing key of this install does not open: is the sealing key another one than before? ({0})")]
    Sealed(#[from] SealError),
    #[error("a signing key of this install is damaged")]
    Damaged,
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

/// A new install with its first key.
///
/// # Errors
/// There is no randomness, or the key cannot be sealed.
pub fn new_install(sealer: &Sealer, now: Timestamp) -> Result<Install, TokenKeyError> {
    let key = random_bytes::<32>()?;
    Ok(Install {
        id: TokenKeys::new(key).derive("install"),
        sealed_token_key: sealer.seal(PLACE, &key)?,
        key_made: Some(now),
        older_keys: Vec::new(),
    })
}

/// Opens every key of an install.
///
/// # Errors
/// One does not open.
pub fn open_token_keys(sealer: &Sealer, install: &Install) -> Result<TokenKeys, TokenKeyError> {
    let open = |sealed: &[u8]| -> Result<[u8; 32], TokenKeyError> {
        sealer.open(PLACE, sealed)?.as_slice().try_into().map_err(|_| TokenKeyError::Damaged)
    };
    let older = install.older_keys.iter().map(|older| open(&older.sealed)).collect::<Result<_, _>>()?;
    Ok(TokenKeys::new(open(&install.sealed_token_key)?).with_older(older))
}

/// The install with a new key that signs from now on; those before it verify.
///
/// # Errors
/// There is no randomness, or the key cannot be sealed.
pub fn rotated(sealer: &Sealer, install: Install, now: Timestamp) -> Result<Install, TokenKeyError> {
    let sealed_token_key = sealer.seal(PLACE, &random_bytes::<32>()?)?;
    let replaced = OlderKey { sealed: install.sealed_token_key, made: install.key_made, replaced: now };
    let older_keys = std::iter::once(replaced).chain(install.older_keys).take(OLDER_KEPT).collect();
    Ok(Install { id: install.id, sealed_token_key, key_made: Some(now), older_keys })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotated_install_keeps_its_name_and_knows_what_it_signed() {
        let (sealer, now) = (Sealer::new(&[3; 32]), Timestamp::UNIX_EPOCH);
        let first = new_install(&sealer, now).unwrap();
        let signed = open_token_keys(&sealer, &first).unwrap().sign("test", "text");
        let mut install = first.clone();
        for _ in 0..OLDER_KEPT {
            install = rotated(&sealer, install, now).unwrap();
        }
        assert_eq!((install.id.as_str(), install.older_keys.len()), (first.id.as_str(), OLDER_KEPT));
        let keys = open_token_keys(&sealer, &install).unwrap();
        assert!(keys.verifies("test", "text", &signed) && keys.sign("test", "text") != signed);
        let forgotten = rotated(&sealer, install, now).unwrap();
        assert!(!open_token_keys(&sealer, &forgotten).unwrap().verifies("test", "text", &signed));
        let strange = open_token_keys(&Sealer::new(&[4; 32]), &first);
        assert!(strange.unwrap_err().to_string().contains("is the sealing key another one"));
    }
}
