//! Settings: read, compared, replaced whole.

use super::fault::Fault;
use super::once::once;
use super::parts::RpcParts;
use crate::active::follow_stored;
use crate::store::kv::Transaction;
use crate::store::{audit, events, filter_hits, settings};
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::Revision;
use maildesk_core::rpc::{RequestKey, RpcError, SettingsDiff, SettingsView};
use maildesk_core::settings::{FilterName, Settings, diff, validate};
use std::sync::Arc;

pub(super) fn get(parts: &RpcParts) -> SettingsView {
    let active = parts.active.borrow();
    SettingsView { revision: active.revision, settings: active.settings.clone() }
}

pub(super) fn compare(parts: &RpcParts, new: &Settings) -> Result<SettingsDiff, Fault> {
    refuse_invalid(new)?;
    let active = parts.active.borrow();
    Ok(SettingsDiff { revision: active.revision, changes: diff(&active.settings, new) })
}

/// Replaces the settings if nobody else has meanwhile, seals their secrets and lets workers follow.
pub(super) async fn apply(
    parts: Arc<RpcParts>,
    user: String,
    new: Settings,
    seen: Revision,
    key: RequestKey,
) -> Result<SettingsDiff, Fault> {
    refuse_invalid(&new)?;
    // A task of its own: once committed, the settings must also come into force, whether or not the caller waits.
    tokio::spawn(async move {
        let (now, secrets) = (parts.clock.now(), parts.secrets.clone());
        let work = move |tx: &mut Transaction<'_>| -> Result<SettingsDiff, Fault> {
            let (revision, old) = settings::get(tx)?;
            if revision != seen {
                return Err(RpcError::Conflict { seen, now: revision }.into());
            }
            let changes = diff(&old, &new);
            let mut sealed = new;
            let problems = secrets.seal_all(tx, &old, &mut sealed).map_err(Fault::inner)?;
            if !problems.is_empty() {
                return Err(RpcError::Invalid(problems).into());
            }
            if changes.is_empty() {
                return Ok(SettingsDiff { revision, changes });
            }
            let revision = Revision(revision.0 + 1);
            let gone = |name: &FilterName| sealed.filter.iter().all(|kept| kept.name != *name);
            for filter in old.filter.iter().filter(|filter| gone(&filter.name)) {
                filter_hits::forget(tx, &filter.name)?;
            }
            settings::put(tx, revision, &sealed)?;
            audit::append(tx, now, &user, &format!("applied settings revision {revision}"))?;
            events::append(tx, now, DomainEvent::SettingsApplied { revision, by: user })?;
            Ok(SettingsDiff { revision, changes })
        };
        let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
        follow_stored(&parts.store, &parts.active)?;
        parts.hub.publish(events::newest(&parts.store)?);
        Ok(answer)
    })
    .await
    .map_err(Fault::inner)?
}

fn refuse_invalid(settings: &Settings) -> Result<(), Fault> {
    let problems = validate(settings);
    if problems.is_empty() { Ok(()) } else { Err(RpcError::Invalid(problems).into()) }
}
