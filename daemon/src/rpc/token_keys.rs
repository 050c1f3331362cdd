//! The keys of reply tokens: how old they are, and a new one.

use super::fault::{Fault, found, read};
use super::once::once;
use super::parts::RpcParts;
use crate::auth::{open_token_keys, rotated};
use crate::store::install::{self, Install};
use crate::store::kv::Transaction;
use crate::store::{audit, events};
use maildesk_core::event::DomainEvent;
use maildesk_core::rpc::{RequestKey, TokenKeyRow};
use std::sync::Arc;

/// Every key, the one that signs first.
pub(super) async fn list(parts: &RpcParts) -> Result<Vec<TokenKeyRow>, Fault> {
    read(&parts.store, move |store| Ok(rows(&found(install::get(store)?, "signing key", "of this install")?))).await
}

/// Makes a new key that signs from now on.
pub(super) async fn rotate(parts: Arc<RpcParts>, user: String, key: RequestKey) -> Result<Vec<TokenKeyRow>, Fault> {
    // A task of its own: once committed, the key must also come into force, whether or not the caller waits.
    tokio::spawn(async move {
        let (now, sealer) = (parts.clock.now(), parts.secrets.sealer().clone());
        let work = move |tx: &mut Transaction<'_>| -> Result<Vec<TokenKeyRow>, Fault> {
            let known = found(install::get(tx)?, "signing key", "of this install")?;
            let install = rotated(&sealer, known, now).map_err(Fault::inner)?;
            install::put(tx, &install)?;
            audit::append(tx, now, &user, "made a new key for reply tokens")?;
            events::append(tx, now, DomainEvent::TokenKeyRotated { by: user })?;
            Ok(rows(&install))
        };
        let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
        // Read where it is put in force: of two rotations at a time, whoever comes last puts both in force.
        let mut outcome = Ok(());
        parts.active.send_if_modified(|active| {
            let install = install::get(&parts.store).map_err(Fault::from);
            let install = install.and_then(|known| found(known, "signing key", "of this install"));
            let keys =
                install.and_then(|install| open_token_keys(parts.secrets.sealer(), &install).map_err(Fault::inner));
            match keys {
                Ok(keys) => *active = Arc::new(active.with_keys(keys)),
                Err(fault) => outcome = Err(fault),
            }
            outcome.is_ok()
        });
        outcome?;
        parts.hub.publish(events::newest(&parts.store)?);
        Ok(answer)
    })
    .await
    .map_err(Fault::inner)?
}

fn rows(install: &Install) -> Vec<TokenKeyRow> {
    let signing = TokenKeyRow { made: install.key_made, replaced: None };
    let older = install.older_keys.iter().map(|key| TokenKeyRow { made: key.made, replaced: Some(key.replaced) });
    std::iter::once(signing).chain(older).collect()
}
