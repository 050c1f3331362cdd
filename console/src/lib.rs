//! maildesk-console shows and asks: the command line over one client of maildeskd.
//!
//! `client` is the only place that knows how calls travel; `command` holds one file per noun; `json` the shapes that
//! scripts rely on; `output` everything that reaches a terminal.

pub mod args;
pub mod client;
pub mod clock;
pub mod command;
pub mod failure;
pub mod json;
pub mod output;
pub mod runtime;
