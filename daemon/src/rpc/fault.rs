//! Inner faults as the caller sees them: a mark, and the whole story in the log.

use crate::store::Store;
use crate::store::error::{DirectoryError, StoreError};
use maildesk_core::rpc::RpcError;
use maildesk_core::ticket::Rejected;

/// Why a handler ends without an answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The caller is told as it is.
    #[error(transparent)]
    Told(#[from] RpcError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Inner(String),
}

impl Fault {
    pub(super) fn not_found(what: &str, name: impl ToString) -> Self {
        Self::Told(RpcError::NotFound { what: what.to_owned(), name: name.to_string() })
    }

    pub(super) fn inner(error: impl ToString) -> Self {
        Self::Inner(error.to_string())
    }
}

impl From<Rejected> for Fault {
    fn from(rejected: Rejected) -> Self {
        Self::Told(RpcError::Rejected(rejected.to_string()))
    }
}

impl From<DirectoryError> for Fault {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Store(error) => Self::Store(error),
            taken => Self::Told(RpcError::Rejected(taken.to_string())),
        }
    }
}

impl From<Fault> for RpcError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Told(error) => error,
            Fault::Store(StoreError::Closed) => Self::Stopping,
            Fault::Store(error @ StoreError::NoRoom { .. }) => Self::Rejected(error.to_string()),
            inner => {
                let random = crate::clock::random_bytes::<4>().unwrap_or_default();
                let mark = format!("fault-{:08x}", u32::from_be_bytes(random));
                tracing::error!(mark, error = %inner, "a call failed inside");
                Self::Internal { mark }
            }
        }
    }
}

/// Reads apart from the async threads: a list may page in much from the disk.
pub(super) async fn read<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let store = store.clone();
    tokio::task::spawn_blocking(move || work(&store)).await.map_err(Fault::inner)?
}

/// A record that must be there.
pub(super) fn found<T>(record: Option<T>, what: &str, name: impl ToString) -> Result<T, Fault> {
    record.ok_or_else(|| Fault::not_found(what, name))
}
