//! The Unix socket: peer credentials, limits, and a thin service with one handler file per noun.
//!
//! tarpc drops a handler when its caller's deadline passes or its caller goes. What changes the store is therefore a
//! job that runs whole once it is queued; what follows a commit runs in a task of its own.

mod access;
mod audit_log;
mod blocks;
mod checks;
mod contact_change;
mod customer_change;
mod directory;
mod doctor;
mod doctor_certificates;
mod fault;
mod filters;
mod following;
mod held_mails;
mod invitations;
mod limited;
mod log_lines;
mod macros;
mod mailboxes;
mod mails;
mod moving;
mod once;
mod outbox;
mod outbox_bulk;
mod parts;
mod proposals;
mod rehearsal;
mod reply;
mod service;
mod settings;
mod sla;
mod socket;
mod status;
mod suppressions;
mod template_preview;
mod templates;
mod ticket_actions;
mod ticket_search;
mod tickets;
mod token_keys;
mod uploads;
mod views;
mod visitor;

pub use access::Groups;
pub use parts::{Boards, CHECKS_AT_ONCE, Nudges, RpcParts};
pub use socket::{SocketError, listen, serve};
pub use uploads::Uploads;
