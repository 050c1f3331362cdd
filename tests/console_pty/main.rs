//! The console on a terminal, as a person uses it: real daemon, real servers, keys in, screen out.

mod day;
mod ends;
