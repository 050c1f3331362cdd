//! Queues: mails that wait, failed or were sent, and inbound mails in quarantine.

mod held;
mod lead;
mod state;
#[cfg(test)]
pub(crate) mod tests;
pub mod view;

pub use state::{Queue, State};
