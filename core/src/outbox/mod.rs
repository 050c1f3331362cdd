//! The durable queue of mails to send: entry states, retry schedule, outcome.

pub mod mail;
