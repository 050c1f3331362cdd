//! One caller's view of the daemon: what it may read, and what it may write.

use super::access::{Caller, Groups};
use super::parts::RpcParts;
use maildesk_core::rpc::RpcError;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Answers the calls of one caller.
#[derive(Clone)]
pub(super) struct Service {
    pub(super) parts: Arc<RpcParts>,
    pub(super) caller: Arc<Caller>,
    pub(super) groups: Arc<Groups>,
    pub(super) stop: CancellationToken,
}

impl Service {
    pub(super) fn reader(&self) -> Result<&RpcParts, RpcError> {
        self.caller.may_read(&self.groups).map(|()| &*self.parts)
    }

    /// A reader by name, for what is only tried.
    pub(super) fn viewer(&self) -> Result<(&RpcParts, String), RpcError> {
        self.reader().map(|parts| (parts, self.caller.user.clone()))
    }

    pub(super) fn writer(&self) -> Result<(&RpcParts, String), RpcError> {
        self.caller.may_write(&self.groups).map(|()| (&*self.parts, self.caller.user.clone()))
    }
}
