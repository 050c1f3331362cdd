//! Promises about time: business calendars, policies, and the clocks that run on tickets.
//!
//! A ticket's clocks follow from the ticket alone: [`follow`] brings them in line with it after any change, however
//! often it is called. What happens when a moment comes is decided by [`strike`]; each warning and each breach is
//! noted on its clock, so that none is told twice.

mod calendar;
mod clocks;
mod follow;
mod rules;
#[cfg(test)]
mod simulation;
mod strike;
#[cfg(test)]
mod tests;

pub use calendar::Calendar;
pub use clocks::{Clock, Target, TicketClocks};
pub use follow::follow;
pub use rules::SlaRules;
pub use strike::{Struck, strike};
