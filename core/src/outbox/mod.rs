//! The durable queue of mails to send: entry states, retry schedule, outcome.

mod draft;
mod entry;
pub mod mail;
pub mod schedule;

pub use draft::Draft;
pub use entry::{ATTEMPTS_KEPT, Attempt, OutboxEntry, OutboxState};
