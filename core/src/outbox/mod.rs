//! The durable queue of mails to send: states and verbs, order, retry schedule, rate limits, whose fault a refusal is.

pub mod blame;
mod draft;
mod entry;
mod loop_guard;
pub mod mail;
pub mod order;
mod query;
pub mod rate;
pub mod redirect;
pub mod schedule;
mod state;
mod suppression;
pub mod sysexits;

pub use draft::Draft;
pub use entry::{ATTEMPTS_KEPT, Attempt, DEFERRALS_BEFORE_TOLD, OutboxEntry, Told};
pub use loop_guard::{Automatic, History, LoopGuard, LoopWindow, subject_mark};
pub use query::OutboxQuery;
pub use state::{HoldReason, NotAllowed, OutboxAction, OutboxState};
pub use suppression::Suppression;
