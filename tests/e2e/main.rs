//! End to end: real Dovecot, Postfix and S3, and our real binaries.

mod attachments;
mod bad_input;
mod conversation;
mod desk;
mod first_contact;
mod outbox;
mod people;
mod refused;
mod tokens;
