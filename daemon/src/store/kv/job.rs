//! A job on its way through the writer: run, held until the group is durable, then answered.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use super::asked::Asked;
use super::engine::Engine;
use super::layer::Layer;
use super::transaction::Transaction;
use crate::store::error::StoreError;

/// What a job stands on, from the bottom up.
#[derive(Clone, Copy)]
pub(super) struct Below<'a> {
    pub(super) engine: &'a Engine,
    pub(super) asked: &'a Asked,
    /// The writes of the group that is on its way to the disk.
    pub(super) previous: Option<&'a Layer>,
    /// The writes of earlier jobs of its own group.
    pub(super) group: &'a Layer,
}

/// A job without its types, as the writer sees it.
pub(super) trait Job: Send {
    /// Asks the tree what it will ask when it runs, while the tree answers at once.
    fn look_ahead(&mut self, below: Below<'_>);
    /// Runs it; what it wrote when it succeeded.
    fn run(&mut self, below: Below<'_>) -> Option<Layer>;
    /// Ends it without running.
    fn refuse(&mut self, error: StoreError);
    /// Sends the outcome to whoever waits; the writes of the group are durable now.
    fn answer(self: Box<Self>);
}

/// Reads what a job is going to read.
pub(super) type LookAhead = dyn FnOnce(&Transaction<'_>) + Send;

/// A closure, its outcome, and where the outcome goes.
pub(super) struct Work<F, T, E> {
    ahead: Option<Box<LookAhead>>,
    work: Option<F>,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Work<F, T, E> {
    pub(super) fn new(work: F) -> (Work<F, T, E>, oneshot::Receiver<Result<T, E>>) {
        let (reply, receiver) = oneshot::channel();
        (Work { ahead: None, work: Some(work), outcome: None, reply }, receiver)
    }

    pub(super) fn looking_ahead(self, ahead: impl FnOnce(&Transaction<'_>) + Send + 'static) -> Work<F, T, E> {
        Work { ahead: Some(Box::new(ahead)), ..self }
    }
}

impl<F, T, E> Job for Work<F, T, E>
where
    F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send,
    T: Send,
    E: Send + From<StoreError>,
{
    fn look_ahead(&mut self, below: Below<'_>) {
        if let Some(ahead) = self.ahead.take() {
            // What breaks here breaks again in the job, and is told there.
            drop(catch_unwind(AssertUnwindSafe(|| ahead(&Transaction::new(below)))));
        }
    }

    fn run(&mut self, below: Below<'_>) -> Option<Layer> {
        let work = self.work.take()?;
        let mut transaction = Transaction::new(below);
        // A panic leaves nothing half done: all the job can reach is its own transaction, which is dropped.
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut transaction)))
            .unwrap_or_else(|_| Err(StoreError::JobPanicked.into()));
        let succeeded = outcome.is_ok();
        self.outcome = Some(outcome);
        succeeded.then(|| transaction.into_writes())
    }

    fn refuse(&mut self, error: StoreError) {
        self.work = None;
        self.outcome = Some(Err(error.into()));
    }

    fn answer(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            // Nobody waits any more when the caller was cancelled; the commit stands all the same.
            drop(self.reply.send(outcome));
        }
    }
}
