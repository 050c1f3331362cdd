//! maildesk-daemon acts: it owns the store, the network, the secrets and the time.
//!
//! What is decided is decided in `maildesk-core`; modules here carry it out. `app` alone joins them.

pub mod active;
pub mod app;
pub mod auth;
pub mod blob;
pub mod check;
pub mod clamd;
pub mod clock;
pub mod config;
pub mod dkim;
pub mod dns;
pub mod events;
pub mod handover;
pub mod imap;
pub mod intake;
pub mod invitation;
pub mod logging;
pub mod net;
pub mod notify;
pub mod outbox;
pub mod program;
pub mod rpc;
pub mod sender_check;
pub mod sent_copy;
pub mod smtp;
pub mod store;
pub mod supervise;
pub mod template_book;
pub mod timers;
