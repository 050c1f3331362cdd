//! Sends what is due: scan, triage, bounded connections, settle; and what people do to mails that wait.
//!
//! Each sender has a worker of its own, so that a server that is down holds up nobody else. A worker has no input: it
//! reads what is due from the store, so that a restart is the same as going on.

mod account;
mod act;
mod answer;
mod bounce;
mod broken;
#[cfg(test)]
mod broken_tests;
mod cut_off;
mod enqueue;
mod expiry;
mod files;
mod judge;
mod lane;
mod sending;
mod settle;
#[cfg(test)]
mod tests;
mod thread;
mod triage;
mod unsettled;
mod way;
mod worker;

pub use account::account;
pub use act::{ActError, Actor, act};
pub use answer::{Answer, AnswerError, answering_sender, queue_answer};
pub use bounce::{returned_mail, write_bounce};
pub use enqueue::{EnqueueError, Terms, enqueue, enqueue_on};
pub use expiry::forget_expired;
pub use files::Files;
pub use sending::Sending;
pub use thread::add_entry;
pub use worker::{OutboxParts, SenderWorker};
