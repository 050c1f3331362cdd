//! Harness: real servers and both binaries under one temporary directory.
//!
//! Tests, benchmarks and `tests/try` share this one implementation. A [`scratch::Scratch`] owns the directory,
//! the ports and a guard that cleans up behind a run that was killed; each server is a value that stops its own
//! process when it is dropped, also while a panic unwinds. Nothing here sleeps for a fixed time: see [`wait`].

pub mod certificates;
pub mod clamd;
pub mod cli;
pub mod daemon;
pub mod dns;
pub mod dovecot;
pub mod imap;
pub mod letter;
pub mod mailbox;
pub mod object_store;
pub mod odd_imap;
pub mod outside;
pub mod postfix;
pub mod process;
pub mod pty;
pub mod random;
pub mod scratch;
pub mod settings;
pub mod smtp;
mod stream;
pub mod testbed;
pub mod token;
pub mod wait;

pub use letter::Letter;
pub use mailbox::Mailbox;
pub use testbed::Testbed;
pub use wait::eventually;

/// The mail domain of every test bed. Its users are in [`dovecot::USERS`].
pub const DOMAIN: &str = "desk.test";
/// The password of every user.
pub const PASSWORD: &str = "secret";
