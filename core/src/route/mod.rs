//! Where a mail goes: reply tokens, wanted look-ups, the plan.

mod bounce;
mod lookups;
mod outcome;
mod plan;
#[cfg(test)]
mod tests;
pub mod token;

pub use bounce::{NotedBounce, SUPPRESSED_FOR};
pub use lookups::{ClaimedTicket, Lookups, ReturnedMail, Wanted, wanted};
pub use outcome::{JudgedMail, Outcome, TraceStep};
pub use plan::{Fresh, Origin, Plan, PlannedTicket, plan, quarantine};
