//! Live: what happens, as it happens, and why each mail became what it is.

mod row;
mod state;
#[cfg(test)]
pub(crate) mod tests;
pub mod view;

pub use row::Row;
pub use state::State;
