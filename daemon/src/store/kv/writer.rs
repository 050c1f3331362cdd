//! The writer thread: takes jobs in order, runs them in groups, makes each group durable, answers.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::engine::die;
use super::job::Job;
use super::layer::Layer;
use super::shared::Shared;
use super::space::Space;
use super::watchdog::Watched;
use crate::store::error::StoreError;

/// Most jobs in a group.
const GROUP_JOBS: usize = 256;
/// A group takes no further job once it wrote this much.
const GROUP_BYTES: usize = 4 << 20;

/// Jobs to run in order, together where the caps allow.
pub(super) type Message = Vec<Box<dyn Job>>;

pub(super) struct Writer {
    pub(super) shared: Arc<Shared>,
    pub(super) queue: mpsc::Receiver<Message>,
    pub(super) space: Space,
    pub(super) watched: Arc<Watched>,
}

impl Writer {
    /// Works until nobody can send any more and the queue is empty.
    pub(super) fn run(mut self) {
        let mut waiting = VecDeque::new();
        loop {
            if waiting.is_empty() {
                match self.queue.blocking_recv() {
                    Some(jobs) => waiting.extend(jobs),
                    None => break,
                }
            }
            self.watched.begin();
            // All calls into sled and all jobs have guards of their own; what still panics here is unknown ground.
            if catch_unwind(AssertUnwindSafe(|| self.group(&mut waiting))).is_err() {
                die("writing a group", "the writer panicked");
            }
            self.watched.end();
        }
        self.watched.close();
    }

    /// Runs one group to its end.
    fn group(&mut self, waiting: &mut VecDeque<Box<dyn Job>>) {
        let mut group = Layer::default();
        let mut done: Vec<Box<dyn Job>> = Vec::new();
        let refusal = self.refusal();
        while done.len() < GROUP_JOBS && group.bytes() < GROUP_BYTES {
            let Some(mut job) = waiting.pop_front() else {
                match self.queue.try_recv() {
                    Ok(jobs) => waiting.extend(jobs),
                    Err(_) => break,
                }
                continue;
            };
            match &refusal {
                Some(error) => job.refuse(error.clone()),
                None => {
                    if let Some(writes) = job.run(&self.shared.engine, &group) {
                        group.absorb(writes);
                    }
                }
            }
            done.push(job);
        }
        if !group.is_empty() {
            self.shared.commit(&group);
        }
        for job in done {
            job.answer();
        }
    }

    /// A write that meets a full disk half way ends the process, so none is started then.
    fn refusal(&self) -> Option<StoreError> {
        match self.space.lack() {
            Ok(None) => None,
            Ok(Some((free_bytes, needed_bytes))) => Some(StoreError::NoRoom { free_bytes, needed_bytes }),
            Err(error) => die("asking for free space", &error.to_string()),
        }
    }
}
