//! Macros: kept by name and revision, applied to tickets.

mod apply;
mod change;
#[cfg(test)]
mod tests;

pub(super) use apply::apply;
pub(super) use change::change;

use super::fault::{Fault, found, read};
use super::parts::RpcParts;
use crate::store::kv::Read;
use crate::store::macros;
use maildesk_core::macros::{MacroName, SavedMacro};
use maildesk_core::rpc::MACROS_AT_ONCE;

pub(super) async fn list(parts: &RpcParts, after: Option<MacroName>) -> Result<Vec<SavedMacro>, Fault> {
    read(&parts.store, move |store| Ok(macros::list(store, after.as_ref(), MACROS_AT_ONCE as usize)?)).await
}

pub(super) async fn saved(parts: &RpcParts, name: MacroName) -> Result<SavedMacro, Fault> {
    read(&parts.store, move |store| get(store, &name)).await
}

fn get(store: &impl Read, name: &MacroName) -> Result<SavedMacro, Fault> {
    found(macros::get(store, name)?, "macro", name)
}
