//! More: contacts, customers, invitations, suppressed and blocked addresses, keys, who changed what, the daemon's log,
//! and the doctor.

mod answers;
mod customers;
pub mod logs;
mod people;
mod record;
mod state;
mod switches;
mod tab;
#[cfg(test)]
pub(crate) mod tests;
pub mod view;

pub use state::State;
pub use tab::Tab;
