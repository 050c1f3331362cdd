//! The committer thread: makes one group after another durable and answers its jobs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::engine::die;
use super::shared::Shared;
use super::watchdog::{Stage, Watched};
use super::writer::Group;

pub(super) struct Committer {
    shared: Arc<Shared>,
    groups: Receiver<Group>,
    idle: SyncSender<()>,
    watched: Arc<Watched>,
}

/// The writer's end: where groups go.
pub(super) struct ToCommitter {
    groups: SyncSender<Group>,
    idle: Receiver<()>,
}

impl ToCommitter {
    /// Waits until everything handed over is durable.
    pub(super) fn wait(&self) {
        if self.idle.recv().is_err() {
            die("waiting for the commit before", "nobody commits any more");
        }
    }

    /// Hands a group over; only after [`wait`](ToCommitter::wait), so there is one at the most that the tree does not
    /// have yet.
    pub(super) fn send(&self, group: Group) {
        if self.groups.send(group).is_err() {
            die("handing over a group", "nobody commits any more");
        }
    }
}

impl Committer {
    pub(super) fn new(shared: Arc<Shared>, watched: Arc<Watched>) -> (Committer, ToCommitter) {
        let (send_group, groups) = sync_channel(0);
        // One place each, so that the committer never waits to say that it is idle.
        let (say_idle, idle) = sync_channel(1);
        (Committer { shared, groups, idle: say_idle, watched }, ToCommitter { groups: send_group, idle })
    }

    /// Works until the writer has ended.
    pub(super) fn run(self) {
        // The writer may be gone: then there is no group either.
        while self.idle.send(()).is_ok()
            && let Ok(group) = self.groups.recv()
        {
            self.watched.begin(Stage::Disk);
            if catch_unwind(AssertUnwindSafe(|| self.commit(group))).is_err() {
                die("committing a group", "the committer panicked");
            }
            self.watched.end(Stage::Disk);
        }
        self.watched.close();
    }

    fn commit(&self, group: Group) {
        if !group.writes.is_empty() {
            self.shared.commit(&group.writes, group.asked);
        }
        // The tree has them now, and the writer may ask it again.
        drop(group.writes);
        for job in group.jobs {
            job.answer();
        }
    }
}
