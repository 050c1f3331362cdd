//! What happens on tickets because time passes: SLA warnings and breaches, reminders, closing. Everything that is to
//! come is in the store, so that a restart is the same as going on.

mod follow;
mod sweep;
#[cfg(test)]
mod tests;
mod tick;
mod worker;

pub use follow::put_following;
pub use worker::TicketClock;
