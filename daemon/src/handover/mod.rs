//! Mail handed over on this machine: to a program, or to a folder. SMTP has a module of its own.
//!
//! lettre has transports for both, but they do not do: its sendmail drops the exit status, which tells a passing trouble
//! from a lasting one, and its files have random names (a mail that is written again would be there twice) and are
//! neither synced nor put in place at once.

mod folder;
mod sendmail;

pub use folder::{Folder, FolderError};
pub use sendmail::{Given, Sendmail};
