//! The only code that names sled: typed tables over a durable key-value waist.

pub mod error;
pub mod kv;
