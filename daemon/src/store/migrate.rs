//! The schema number that the tables are written in, and the way there from older ones.
//!
//! Each step from one number to the next becomes a module of its own here, frozen once released, that rewrites what
//! changed in windows and ends with `Transaction::set_schema` in the commit of its last window. Schema 1 is the
//! first, so there is no step yet.

use super::error::OpenError;
use super::kv::{Kv, Options};

/// What this program writes.
pub(super) const SCHEMA: u32 = 1;

/// Brings an older store to [`SCHEMA`]; the waist has refused newer ones already.
pub(super) fn bring_up(kv: &Kv, options: &Options) -> Result<(), OpenError> {
    match kv.schema() {
        SCHEMA => Ok(()),
        _ => Err(OpenError::UnknownLayout { store: options.dir.clone() }),
    }
}
