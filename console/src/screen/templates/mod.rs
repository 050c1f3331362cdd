//! Templates: the list, and one of them beside what it makes.

mod answers;
mod beside;
mod opened;
mod save;
mod source;
mod state;
#[cfg(test)]
pub(crate) mod tests;
pub mod view;

pub use state::State;
