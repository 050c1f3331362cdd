//! Home: what needs a person, worst first; then how everything fares.

mod attention;
mod pulse;
mod state;
#[cfg(test)]
pub(crate) mod tests;
pub mod view;

pub use attention::{Attention, attention};
pub use state::State;
