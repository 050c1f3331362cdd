//! More: contacts, customers, suppressed addresses, and the doctor.

mod state;
#[cfg(test)]
mod tests;
pub mod view;

pub use state::{State, Tab};
