//! The audit log: who changed what. It is only read here; every write adds its own line.

use super::fault::{Fault, read};
use super::parts::RpcParts;
use super::views::{rows, to_read};
use crate::store::audit;
use maildesk_core::rpc::{AuditLine, Rows, Window};

pub(super) async fn list(parts: &RpcParts, window: Window) -> Result<Rows<AuditLine>, Fault> {
    read(&parts.store, move |store| {
        let read = audit::list(store, window.after, to_read(window))?;
        let line =
            |entry: audit::AuditEntry| AuditLine { seq: entry.seq, at: entry.at, user: entry.user, what: entry.what };
        Ok(rows(read.into_iter().map(line).collect(), window, |row| row.seq))
    })
    .await
}
