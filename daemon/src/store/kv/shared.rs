//! What the readers and the writer share: the engine and the values from before the group under way.

use std::sync::{PoisonError, RwLock};

use super::asked::Asked;
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
        read(View::new(&self.engine, [before.as_ref(), None, None], None))
    }

    /// Makes the group durable while readers go on to see the state before it. Only the committer thread calls this,
    /// with what it `asked` while it made the group.
    pub(super) fn commit(&self, group: &Layer, asked: Asked) {
        self.hide(group, asked);
        self.engine.commit(group);
        self.reveal();
    }

    /// Readers see the present values of the group's keys until [`reveal`](Shared::reveal).
    pub(super) fn hide(&self, group: &Layer, mut asked: Asked) {
        let mut before = Layer::default();
        for (stored_key, _) in group.iter() {
            before.set(stored_key.clone(), asked.take(&self.engine, stored_key));
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
