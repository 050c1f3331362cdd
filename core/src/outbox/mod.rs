//! The durable queue of mails to send: entry states, retry schedule, outcome.

mod entry;
pub mod mail;
pub mod schedule;

pub use entry::{ATTEMPTS_KEPT, Attempt, OutboxEntry, OutboxState};
