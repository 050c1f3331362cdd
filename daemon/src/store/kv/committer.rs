//! The committer thread: makes one group after another durable and answers its jobs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::engine::die;
use super::shared::Shared;
use super::watchdog::{Stage, Watched};
use super::writer::Group;

pub(super) struct Committer {
    pub(super) shared: Arc<Shared>,
    pub(super) groups: Receiver<Group>,
    pub(super) watched: Arc<Watched>,
}

impl Committer {
    /// Works until the writer has ended.
    pub(super) fn run(self) {
        for group in &self.groups {
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
