//! The command line against a scripted daemon: the real binary, a real socket, canned answers.

mod attachments;
mod desk;
mod failures;
mod imports;
mod reading;
mod settings;
mod terminal;
mod writing;
