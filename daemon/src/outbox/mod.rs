//! Sends what is due: scan, bounded connections, settle.
//!
//! Each sender has a worker of its own, so that a server that is down holds up nobody else. A worker has no input: it
//! reads what is due from the store, so that a restart is the same as going on.

mod enqueue;
mod lane;
mod settle;
mod worker;

pub use enqueue::{EnqueueError, enqueue};
pub use worker::{OutboxParts, SenderWorker};
