//! The writer thread: takes jobs in order and runs them in groups, one while the group before is on its way to the disk.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};

use tokio::sync::mpsc;

use super::asked::Asked;
use super::committer::ToCommitter;
use super::engine::die;
use super::job::{Below, Job};
use super::layer::Layer;
use super::shared::Shared;
use super::space::Space;
use super::watchdog::{Stage, Watched};
use crate::store::error::StoreError;

/// Most jobs in a group.
const GROUP_JOBS: usize = 256;
/// A group takes no further job once it wrote this much.
const GROUP_BYTES: usize = 4 << 20;

/// Jobs to run in order, together where the caps allow.
pub(super) type Message = Vec<Box<dyn Job>>;

/// Jobs that ran, and what is to be durable before they are answered.
pub(super) struct Group {
    /// Whoever commits them keeps them until the tree has them.
    pub(super) writes: Arc<Layer>,
    pub(super) asked: Asked,
    pub(super) jobs: Vec<Box<dyn Job>>,
}

pub(super) struct Writer {
    pub(super) shared: Arc<Shared>,
    pub(super) queue: mpsc::Receiver<Message>,
    pub(super) committer: ToCommitter,
    pub(super) space: Space,
    pub(super) watched: Arc<Watched>,
}

impl Writer {
    /// Works until nobody can send any more and the queue is empty.
    pub(super) fn run(mut self) {
        let mut waiting = VecDeque::new();
        let mut previous = Weak::new();
        let mut asked = Asked::default();
        loop {
            if waiting.is_empty() {
                match self.queue.blocking_recv() {
                    Some(jobs) => waiting.extend(jobs),
                    None => break,
                }
            }
            self.watched.begin(Stage::Jobs);
            // All calls into sled and all jobs have guards of their own; what still panics here is unknown ground.
            let asked_ahead = std::mem::take(&mut asked);
            let made = catch_unwind(AssertUnwindSafe(|| self.group(&mut waiting, &previous, asked_ahead)));
            let group = made.unwrap_or_else(|_| die("running a group", "the writer panicked"));
            self.watched.end(Stage::Jobs);
            previous = Arc::downgrade(&group.writes);
            self.committer.wait();
            asked = self.look_ahead(&mut waiting, &group.writes);
            self.committer.send(group);
        }
    }

    /// While sled applies a batch it answers nobody, so the jobs of the next group ask before this one is applied.
    fn look_ahead(&mut self, waiting: &mut VecDeque<Box<dyn Job>>, group: &Layer) -> Asked {
        while waiting.len() < GROUP_JOBS
            && let Ok(jobs) = self.queue.try_recv()
        {
            waiting.extend(jobs);
        }
        let (asked, nothing) = (Asked::default(), Layer::default());
        let below = Below { engine: &self.shared.engine, asked: &asked, previous: Some(group), group: &nothing };
        waiting.iter_mut().take(GROUP_JOBS).for_each(|job| job.look_ahead(below));
        asked
    }

    /// Runs the jobs of one group above what `previous` wrote, with what was `asked` ahead.
    fn group(&mut self, waiting: &mut VecDeque<Box<dyn Job>>, previous: &Weak<Layer>, asked: Asked) -> Group {
        // What is gone is in the tree.
        let previous = previous.upgrade();
        let mut writes = Layer::default();
        let mut done: Vec<Box<dyn Job>> = Vec::new();
        let refusal = self.refusal();
        while done.len() < GROUP_JOBS && writes.bytes() < GROUP_BYTES {
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
                    let below = Below {
                        engine: &self.shared.engine,
                        asked: &asked,
                        previous: previous.as_deref(),
                        group: &writes,
                    };
                    if let Some(own) = job.run(below) {
                        writes.absorb(own);
                    }
                }
            }
            done.push(job);
        }
        Group { writes: Arc::new(writes), asked, jobs: done }
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
