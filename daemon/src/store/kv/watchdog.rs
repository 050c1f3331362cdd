//! Ends the process when a group hangs: sled has states in which a call never returns.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::engine::die;

/// A group, disk included, takes milliseconds; a slow disk some seconds.
pub(super) const LIMIT: Duration = Duration::from_secs(60);

/// The two threads that may hang.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// The jobs of a group run.
    Jobs,
    /// A group is made durable.
    Disk,
}

/// When the groups under way began.
#[derive(Debug, Default)]
pub(super) struct Watched {
    state: Mutex<State>,
    closed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    begun: BTreeMap<Stage, Instant>,
    closed: bool,
}

impl Watched {
    pub(super) fn begin(&self, stage: Stage) {
        self.change(|state| state.begun.insert(stage, Instant::now()));
    }

    pub(super) fn end(&self, stage: Stage) {
        self.change(|state| state.begun.remove(&stage));
    }

    /// Ends the watching thread.
    pub(super) fn close(&self) {
        self.change(|state| state.closed = true);
        self.closed.notify_all();
    }

    /// Looks now and then until closed; ends the process where a group takes longer than `limit`.
    pub(super) fn watch(self: Arc<Self>, limit: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !state.closed {
            if state.begun.values().any(|begun| begun.elapsed() > limit) {
                die("waiting for a commit", &format!("it took over {} seconds", limit.as_secs()));
            }
            let waited = self.closed.wait_timeout(state, limit / 12);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
