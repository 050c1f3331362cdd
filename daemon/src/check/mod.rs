//! Channels tested before they are saved: the real connection code climbed rung by rung, with somebody looking on.

mod handover;
mod mailbox;
mod other_port;
mod recorder;
mod sender;
mod test_mail;

pub use mailbox::check_mailbox;
pub use sender::check_sender;

use crate::auth::{SecretError, Secrets};
use crate::clock::Clock;
use crate::net::{Timeouts, TlsConnectors};
use crate::store::Store;
use maildesk_core::diagnosis::{Diagnosis, Step};
use maildesk_core::route::token::TokenKeys;
use std::sync::Arc;
use std::time::Duration;

/// For a whole check.
const LIMIT: Duration = Duration::from_secs(55);

/// Nobody waits at a desk as long as a worker does.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(8),
    greeting: Duration::from_secs(12),
    answer: Duration::from_secs(12),
    content_answer: Duration::from_secs(30),
};

/// Handles that checks work with.
#[derive(Clone)]
pub struct CheckParts {
    pub store: Store,
    pub secrets: Secrets,
    pub tls: Arc<TlsConnectors>,
    pub clock: Clock,
    /// Signs test mails.
    pub key: TokenKeys,
    /// Names this install in the loop header.
    pub install: String,
}

fn no_secret(error: &SecretError) -> Diagnosis {
    Diagnosis::of_our_own(Step::Settings, error.to_string(), error.remedy())
}

fn out_of_time() -> Diagnosis {
    let meaning = format!("the check took longer than {} seconds", LIMIT.as_secs());
    Diagnosis::of_our_own(Step::Upkeep, meaning, "The server is slow or hangs at the last step shown; try again later.")
}
