//! Mails of our own accord: kinds, the template language, variables, rendering.

mod kind;

pub use kind::Kind;
