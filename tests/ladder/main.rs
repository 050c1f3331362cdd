//! Test before save, on real servers: every rung of both ladders, each fault with its words, no trace left.

mod bench;
mod mailboxes;
mod ports;
mod providers;
mod round_trip;
mod said;
mod senders;
mod tokens;
