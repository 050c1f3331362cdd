//! maildesk-core decides: parsing, judging, routing, tickets, templates, settings, wire types.
//!
//! It knows no socket, file, clock, randomness or terminal. `now`, keys and fresh ids come in as arguments,
//! so every decision can be tested as a table.

pub mod address;
pub mod check;
pub mod diagnosis;
pub mod directory;
pub mod doctor;
pub mod event;
pub mod filter;
pub mod ids;
pub mod invitation;
pub mod language;
pub mod macros;
pub mod mail;
pub mod mail_command;
pub mod notification;
pub mod outbox;
pub mod route;
pub mod rpc;
pub mod secret;
pub mod settings;
pub mod sla;
pub mod text;
pub mod ticket;
pub mod verdict;
