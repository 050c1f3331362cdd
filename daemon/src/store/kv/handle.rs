//! The handle that everybody holds: reads what is durable, sends jobs to the writer.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, oneshot};

use super::committer::Committer;
use super::job::Work;
use super::open::{self, Opened};
use super::options::Options;
use super::shared::Shared;
use super::space::Space;
use super::transaction::Transaction;
use super::watchdog::{self, Watched};
use super::writer::{Message, Writer};
use super::{Entry, Read};
use crate::store::error::{OpenError, StoreError};

/// Messages that wait before `write` and `submit` wait themselves.
const QUEUE_MESSAGES: usize = 64;
/// Jobs of `write_all` that travel as one message.
const JOBS_PER_MESSAGE: usize = 128;

/// An open store. Cloning is cheap. The store closes when the last clone is dropped: the writer finishes what is
/// queued, which may take as long as a commit.
#[derive(Clone)]
pub struct Kv {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    queue: Mutex<Option<mpsc::Sender<Message>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    room: Space,
    created: bool,
}

/// The outcome of a submitted job, there once its group is durable.
#[must_use = "only the outcome says that the write is durable"]
pub struct Pending<T, E>(oneshot::Receiver<Result<T, E>>);

/// A job, and where its outcome will come from.
type Submission<F, T, E> = (Work<F, T, E>, oneshot::Receiver<Result<T, E>>);

impl<T, E: From<StoreError>> Pending<T, E> {
    /// Waits until the group of the job is durable.
    ///
    /// # Errors
    /// The job's own, or [`StoreError::JobPanicked`], [`StoreError::NoRoom`], [`StoreError::Closed`].
    pub async fn outcome(self) -> Result<T, E> {
        self.0.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }
}

impl Kv {
    /// Opens or creates the store in `options.dir`, after all guards. May take seconds after much was written since
    /// the last open; blocks meanwhile.
    ///
    /// # Errors
    /// Every [`OpenError`]; the store is left as it was.
    pub fn open(options: &Options) -> Result<Kv, OpenError> {
        let Opened { engine, lock, created } = open::open(options)?;
        let shared = Arc::new(Shared::new(engine, lock));
        let (sender, queue) = mpsc::channel(QUEUE_MESSAGES);
        let watched = Arc::new(Watched::default());
        let space = Space::new(&options.dir, options.hard_floor_bytes());
        let watching = Arc::clone(&watched);
        let (committing, committer) = Committer::new(Arc::clone(&shared), Arc::clone(&watched));
        let writer = Writer { shared: Arc::clone(&shared), queue, committer, space, watched };
        let failed = |source| OpenError::Io { step: "starting a thread for", path: options.dir.clone(), source };
        let start = |name: &str, work: Box<dyn FnOnce() + Send>| {
            thread::Builder::new().name(name.to_owned()).spawn(work).map_err(failed)
        };
        start("store-watchdog", Box::new(move || watching.watch(watchdog::LIMIT)))?;
        let threads = vec![
            start("store-committer", Box::new(move || committing.run()))?,
            start("store-writer", Box::new(move || writer.run()))?,
        ];
        Ok(Kv {
            inner: Arc::new(Inner {
                shared,
                queue: Mutex::new(Some(sender)),
                threads: Mutex::new(threads),
                room: Space::new(&options.dir, options.min_free_bytes),
                created,
            }),
        })
    }

    /// Whether this open made the store.
    pub fn was_created(&self) -> bool {
        self.inner.created
    }

    /// The schema number in the store.
    pub fn schema(&self) -> u32 {
        self.inner.shared.read(|view| open::schema(&view)).unwrap_or_default()
    }

    /// Whether the file system has room for more mail. Intake asks before it fetches; a failing question is a no.
    pub fn has_room(&self) -> bool {
        matches!(self.inner.room.lack(), Ok(None))
    }

    /// Runs `job` on the writer thread and returns when what it wrote is durable.
    ///
    /// The job sees committed data and all that earlier jobs of its group wrote. If it fails or panics, only its own
    /// writes are discarded. It holds up all other writers, so it does no input or output and must not wait. If the
    /// returned future is dropped after the job was queued, the job still runs.
    ///
    /// # Errors
    /// The job's own, or [`StoreError::JobPanicked`], [`StoreError::NoRoom`], [`StoreError::Closed`].
    pub async fn write<T, E>(
        &self,
        job: impl FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Send + From<StoreError> + 'static,
    {
        self.submit(job).await?.outcome().await
    }

    /// Queues `job` behind all queued before and returns without waiting for it; waits only while the queue is full.
    ///
    /// # Errors
    /// [`StoreError::Closed`].
    pub async fn submit<T, E>(
        &self,
        job: impl FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Pending<T, E>, StoreError>
    where
        T: Send + 'static,
        E: Send + From<StoreError> + 'static,
    {
        let (work, outcome) = Work::new(job);
        self.send(vec![Box::new(work)]).await?;
        Ok(Pending(outcome))
    }

    /// Runs jobs in order, each with its own success or failure, in as few groups as the caps allow. Returns their
    /// outcomes in the same order when all are durable.
    pub async fn write_all<T, E, F>(&self, jobs: Vec<F>) -> Vec<Result<T, E>>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Send + From<StoreError> + 'static,
    {
        let mut results = Vec::with_capacity(jobs.len());
        for pending in self.submit_all(jobs).await {
            results.push(pending.outcome().await);
        }
        results
    }

    /// As [`write_all`](Kv::write_all), without waiting for the outcomes; waits only while the queue is full.
    pub async fn submit_all<T, E, F>(&self, jobs: Vec<F>) -> Vec<Pending<T, E>>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Send + From<StoreError> + 'static,
    {
        self.submit_works(jobs.into_iter().map(Work::new)).await
    }

    /// As [`submit_all`](Kv::submit_all), each job with what looks ahead for it: a closure that reads what the job is
    /// going to read. While a group is applied, sled answers nobody; what was asked ahead is at hand, and the job need
    /// not wait. A job may read something else all the same.
    pub async fn submit_all_ahead<T, E, F, A>(&self, jobs: Vec<(A, F)>) -> Vec<Pending<T, E>>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        A: FnOnce(&Transaction<'_>) + Send + 'static,
        T: Send + 'static,
        E: Send + From<StoreError> + 'static,
    {
        let works = jobs.into_iter().map(|(ahead, job)| {
            let (work, outcome) = Work::new(job);
            (work.looking_ahead(ahead), outcome)
        });
        self.submit_works(works).await
    }

    async fn submit_works<T, E, F>(&self, works: impl Iterator<Item = Submission<F, T, E>>) -> Vec<Pending<T, E>>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Send + From<StoreError> + 'static,
    {
        let mut outcomes = Vec::new();
        let mut works = works.peekable();
        while works.peek().is_some() {
            let mut message: Message = Vec::new();
            for (work, outcome) in works.by_ref().take(JOBS_PER_MESSAGE) {
                message.push(Box::new(work));
                outcomes.push(Pending(outcome));
            }
            // A closed queue drops the message; its jobs then say so through their outcomes.
            drop(self.send(message).await);
        }
        outcomes
    }

    /// Finishes what is queued, then ends the writer. Later writes are [`StoreError::Closed`], reads go on. Blocks
    /// as long as that takes: call it from `spawn_blocking` or outside the runtime.
    pub fn close(&self) {
        self.inner.close();
    }

    fn send(&self, message: Message) -> impl Future<Output = Result<(), StoreError>> + Send + use<> {
        let queue = self.inner.queue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        async move { queue.ok_or(StoreError::Closed)?.send(message).await.map_err(|_| StoreError::Closed) }
    }
}

impl Inner {
    fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        // The last handle may be dropped with a job, that is on one of these threads. Each waits for the other, so
        // neither may be waited for there.
        let own = thread::current().id();
        if threads.iter().all(|handle| handle.thread().id() != own) {
            threads.into_iter().for_each(|handle| drop(handle.join()));
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

impl Read for Kv {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.shared.read(|view| view.get(key))
    }

    fn contains(&self, key: &[u8]) -> Result<bool, StoreError> {
        self.inner.shared.read(|view| Ok(view.contains(key)))
    }

    fn is_empty(&self, prefix: &[u8]) -> Result<bool, StoreError> {
        self.inner.shared.read(|view| Ok(view.is_empty(prefix)))
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.inner.shared.read(|view| view.scan(prefix, after, limit))
    }

    fn scan_back(&self, prefix: &[u8], before: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.inner.shared.read(|view| view.scan_back(prefix, before, limit))
    }
}
