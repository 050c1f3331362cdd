//! The command line against a scripted daemon: the real binary, a real socket, canned answers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "this whole program is a test: a panic is how it fails")]

mod attachments;
mod checks;
mod desk;
mod failures;
mod filters;
mod held;
mod imports;
mod invitations;
mod macros;
mod reading;
mod service_levels;
mod settings;
mod terminal;
mod writing;
