//! Tests of the harness itself: every mode of every server, and that nothing is left behind.

mod cleanup;
mod letters;
mod mail;
mod object_store;
mod readiness;
