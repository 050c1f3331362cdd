//! What a write would do: the same work in a transaction that is given up at its end.

use super::fault::Fault;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use std::convert::Infallible;

/// How a rehearsal ends; the only way to discard a job's writes is to fail it.
enum Ended<T> {
    Done(Box<T>),
    Fault(Fault),
}

impl<T> From<StoreError> for Ended<T> {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// Does the work and discards what it wrote.
pub(super) async fn rehearse<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let job = move |tx: &mut Transaction<'_>| -> Result<Infallible, Ended<T>> {
        match work(tx) {
            Ok(done) => Err(Ended::Done(Box::new(done))),
            Err(fault) => Err(Ended::Fault(fault)),
        }
    };
    match store.write(job).await {
        Ok(never) => match never {},
        Err(Ended::Done(done)) => Ok(*done),
        Err(Ended::Fault(fault)) => Err(fault),
    }
}
