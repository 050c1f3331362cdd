//! Filters: ordered rules over a mail and its facts, evaluated with a trace.
//!
//! Rules run in their order. Each that matches adds its actions; one that drops, quarantines or stops ends the run.
//! Patterns are compiled once, and all of them run in time linear in the text.

mod ahead;
pub mod arrange;
mod compile;
mod evaluate;
#[cfg(test)]
mod preset_tests;
mod presets;
mod rule;
mod shadow;
#[cfg(test)]
mod tests;
mod text;
pub mod words;

pub use ahead::{Filtering, RunAhead};
pub use compile::{CompiledFilters, compile};
pub use evaluate::{Ending, Judgement, Subject};
pub use presets::{PRESETS, Preset, preset};
pub use rule::{Condition, Field, Filter, FilterName, Matching, Then};
pub use shadow::{Shadowed, shadowed};
pub use text::to_toml;
