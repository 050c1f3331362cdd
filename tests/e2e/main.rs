//! End to end: real Dovecot, Postfix and S3, and our real binaries.

mod conversation;
mod doctor;
