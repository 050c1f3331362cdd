//! End to end: real Dovecot, Postfix and S3, and our real binaries.

mod agents;
mod attachments;
mod bad_input;
mod conversation;
mod desk;
mod doctor;
mod filters;
mod first_contact;
mod hostile;
mod invitations;
mod judging;
mod loops;
mod mail_commands;
mod notices;
mod outbox;
mod people;
mod permissions;
mod refused;
mod restarts;
mod secrets;
mod service_levels;
mod signals;
mod templates;
mod threading;
mod tokens;
