//! Time that passes: the clocks of tickets, their warnings and breaches, and what need not be kept any longer.
//!
//! The worker has no input. It is woken by the time of the next look, by every commit that says something (a change of
//! a ticket asks for a look in its own commit), and now and then by itself, so that a clock that was set is noticed.
//! What it finds in the store is what it does, so a restart is the same as going on.

mod clean_up;
#[cfg(test)]
mod clean_up_tests;
mod clocks;
mod tell;
#[cfg(test)]
mod tests;
mod worker;

pub use clean_up::CleanUp;
pub use clocks::{choose_plan, look_at_all};
pub use worker::{TimerParts, look_once, watch_clocks};
