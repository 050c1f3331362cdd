//! Tickets: the list, a thread, and answers and notes being written.

mod acts;
mod choice;
mod compose;
#[cfg(test)]
mod file_tests;
mod files;
mod sending;
mod state;
#[cfg(test)]
pub(crate) mod tests;
mod thread;
mod tried;
pub mod view;

pub use choice::{Choice, Sort};
pub use compose::{Compose, Writing};
pub use state::{Pane, State};
pub use thread::Thread;
