//! End to end: real Dovecot, Postfix and S3, and our real binaries.

mod attachments;
mod conversation;
mod desk;
mod first_contact;
mod people;
mod tokens;
