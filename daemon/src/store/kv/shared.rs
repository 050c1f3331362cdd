//! What the readers and the writer share: the engine and the values from before the group under way.

use std::sync::{PoisonError, RwLock};

use super::engine::Engine;
use super::layer::Layer;
use super::lock::Lock;
use super::view::View;

/// Readers hold the lock for the length of one read only, the writer only to set or clear `before`: nobody waits for
/// the disk with it. So a read sees one durable state, never half a group and never one that is not durable yet.
pub(super) struct Shared {
    pub(super) engine: Engine,
    before: RwLock<Option<Layer>>,
    /// Behind the engine, so that it is freed after it.
    _lock: Lock,
}

impl Shared {
    pub(super) fn new(engine: Engine, lock: Lock) -> Shared {
        Shared { engine, before: RwLock::new(None), _lock: lock }
    }

    pub(super) fn read<T>(&self, read: impl FnOnce(View<'_>) -> T) -> T {
        let before = self.before.read().unwrap_or_else(PoisonError::into_inner);
        read(View::new(&self.engine, [before.as_ref(), None]))
    }

    /// Makes the group durable while readers go on to see the state before it. Only the writer thread calls this.
    pub(super) fn commit(&self, group: &Layer) {
        self.hide(group);
        self.engine.commit(group);
        self.reveal();
    }

    /// Readers see the present values of the group's keys until [`reveal`](Shared::reveal).
    pub(super) fn hide(&self, group: &Layer) {
        let mut before = Layer::default();
        for (stored_key, _) in group.iter() {
            before.set(stored_key.clone(), self.engine.get(stored_key));
        }
        self.show(Some(before));
    }

    pub(super) fn reveal(&self) {
        self.show(None);
    }

    fn show(&self, before: Option<Layer>) {
        let mut place = self.before.write().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *place, before);
        drop(place);
        // Freed outside the lock: it can be megabytes.
        drop(old);
    }
}
