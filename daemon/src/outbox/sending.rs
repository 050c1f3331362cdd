//! Which mails are on a connection at this moment. Known in memory only: after a crash none is.

use maildesk_core::ids::OutboxId;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Shared by all senders' connections and by those who ask. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct Sending(Arc<Mutex<BTreeSet<OutboxId>>>);

impl Sending {
    pub fn contains(&self, id: OutboxId) -> bool {
        self.with(|sending| sending.contains(&id))
    }

    /// Marks a mail until the mark is dropped.
    pub(super) fn mark(&self, id: OutboxId) -> Mark {
        self.with(|sending| sending.insert(id));
        Mark { sending: self.clone(), id }
    }

    fn with<T>(&self, work: impl FnOnce(&mut BTreeSet<OutboxId>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A mail that is being sent.
#[derive(Debug)]
pub(super) struct Mark {
    sending: Sending,
    id: OutboxId,
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.sending.with(|sending| sending.remove(&self.id));
    }
}
