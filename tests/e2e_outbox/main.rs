//! The outbox end to end: real Postfix and Dovecot, our real binaries.

mod desk;
mod holding;
mod refusals;
mod restraint;
