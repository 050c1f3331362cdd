//! Filters: ordered rules over a mail and its facts, evaluated with a trace.
//!
//! Rules run in their order. Each that matches adds its actions; one that drops, quarantines or stops ends the run.
//! Patterns are compiled once, and all of them run in time linear in the text.

mod compile;
mod evaluate;
mod rule;
mod shadow;
#[cfg(test)]
mod tests;

pub use compile::{CompiledFilters, compile};
pub use evaluate::{Ending, Judgement, Subject};
pub use rule::{Condition, Field, Filter, FilterName, Matching, Then};
pub use shadow::{Shadowed, shadowed};
