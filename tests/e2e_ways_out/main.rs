//! The ways by which mail leaves, on real servers and programs.

mod local;
mod pipelining;
mod sent_copies;
mod tokens;
