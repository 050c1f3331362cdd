//! Disk records: how core types lie in the store.
//!
//! A record is JSON with named fields. It is never the core type itself: every conversion names every field, so that
//! a new field of a core type does not compile before its record knows it. A field added to a released record has a
//! `#[serde(default)]`; any other change of a released record is a new version beside the old, with a migration.

mod codec;
#[macro_use]
mod same;
pub(in crate::store) mod v1;

pub(in crate::store) use codec::{decode, encode};
