//! This install's identity: made with its store, sealed within it.

use crate::active::Identity;
use crate::auth::{Sealer, TokenKeyError, new_install, open_token_keys};
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::install;
use crate::store::kv::Transaction;
use jiff::Timestamp;

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error(transparent)]
    Key(#[from] TokenKeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the identity, or makes it in a store that is new.
pub(super) async fn identity(store: &Store, sealer: &Sealer, now: Timestamp) -> Result<Identity, IdentityError> {
    let known = match install::get(store)? {
        Some(known) => known,
        None => {
            let made = new_install(sealer, now)?;
            let written = made.clone();
            store.write(move |tx: &mut Transaction<'_>| install::put(tx, &written)).await?;
            made
        }
    };
    Ok(Identity { keys: open_token_keys(sealer, &known)?, install: known.id })
}
