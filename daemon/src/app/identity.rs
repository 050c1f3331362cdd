//! This install's identity: made with its store, sealed within it.

use crate::active::Identity;
use crate::auth::{SealError, Sealer};
use crate::clock::{NoRandomness, random_bytes};
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::install::{self, Install};
use crate::store::kv::Transaction;
use maildesk_core::route::token::TokenKey;

const PLACE: &str = "install/token_key";

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("the signing key of this install does not open: is the sealing key another one than before? ({0})")]
    Sealed(#[from] SealError),
    #[error("the signing key of this install is damaged")]
    Damaged,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

/// Reads the identity, or makes it in a store that is new.
pub(super) async fn identity(store: &Store, sealer: &Sealer) -> Result<Identity, IdentityError> {
    let known = match install::get(store)? {
        Some(known) => known,
        None => {
            let key = random_bytes::<32>()?;
            let made =
                Install { id: TokenKey::new(key).derive("install"), sealed_token_key: sealer.seal(PLACE, &key)? };
            let written = made.clone();
            store.write(move |tx: &mut Transaction<'_>| install::put(tx, &written)).await?;
            made
        }
    };
    let opened = sealer.open(PLACE, &known.sealed_token_key)?;
    let key: [u8; 32] = opened.as_slice().try_into().map_err(|_| IdentityError::Damaged)?;
    Ok(Identity { key: TokenKey::new(key), install: known.id })
}
