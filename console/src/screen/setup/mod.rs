//! First run: from nothing to the first ticket, step by step; what was answered is kept and gone on from.

mod acting;
mod answers;
pub(crate) mod draft;
mod start;
mod state;
mod step;
#[cfg(test)]
mod tests;
pub mod view;
mod wizard;

pub use start::Counts;
pub use state::State;
pub use step::Step;
pub use wizard::Wizard;
