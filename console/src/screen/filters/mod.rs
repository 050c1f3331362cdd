//! Filters: the rules over inbound mail in their order, a draft of them, and what the draft would change.

mod draft;
mod mail;
mod state;
#[cfg(test)]
pub(crate) mod tests;
pub mod view;

pub use state::State;
