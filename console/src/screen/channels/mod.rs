//! Settings › Email: senders (Outbound) and mailboxes (Inbound). One screen for both: a list, a form, a test.

mod field;
mod fields;
mod form;
mod noun;
mod save;
pub mod sheet;
pub mod sheet_view;
mod state;
#[cfg(test)]
mod tests;
pub mod view;

pub use field::{Field, Kind};
pub use form::Form;
pub use noun::Noun;
pub use sheet::Sheet;
pub use state::{Check, State};
