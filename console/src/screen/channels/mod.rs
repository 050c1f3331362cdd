//! Settings › Email: senders (Outbound) and mailboxes (Inbound). One screen for both: a list, a form, a test.

mod draft;
mod field;
mod fields;
mod form;
mod noun;
mod save;
mod secret;
mod servers;
pub mod sheet;
pub mod sheet_view;
mod state;
#[cfg(test)]
pub(crate) mod tests;
pub mod view;

pub use field::{Field, Kind};
pub use form::Form;
pub use noun::Noun;
pub(crate) use secret::SOURCE;
pub(crate) use servers::serve;
pub use sheet::Sheet;
pub use state::{Check, State};
