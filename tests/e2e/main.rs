//! End to end: real Dovecot, Postfix and S3, and our real binaries.

mod conversation;
mod desk;
mod people;
mod tokens;
