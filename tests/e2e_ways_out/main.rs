//! The ways by which mail leaves, on real servers and programs.

mod pipelining;
mod tokens;
