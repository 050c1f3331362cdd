//! Copies of sent mail in a folder of one of the desk's mailboxes, after the sending and never in its way.
//!
//! What is to be copied waits in the store from the commit on that settled the mail as sent.

mod error;
mod unwanted;
mod worker;

pub use error::CopyError;
pub use unwanted::forget_unwanted;
pub use worker::{CopyBoard, CopyParts, CopyWorker};
