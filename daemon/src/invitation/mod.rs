//! Invitations: their mails, and what accepting one does. Both calls and intake come through here.

mod accept;
mod mails;

pub use accept::{AcceptError, accept};
pub use mails::{send, tell_outcome};
