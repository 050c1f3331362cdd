//! The composition root: the only place that joins modules; phased start and stop.

mod identity;
mod start;
mod trust;
mod workers;

pub use start::{App, StartError};
pub use trust::{TrustError, with_own_authorities};
