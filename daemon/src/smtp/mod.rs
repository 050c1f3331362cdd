//! SMTP behind our own types, on lettre over our timed stream.
//!
//! Greeting, EHLO, STARTTLS and AUTH are spoken by hand on the bare stream: lettre keeps plain text across the TLS
//! switch. What follows, commands and the mail itself, is lettre's connection without its pool, TLS and logging.

mod address;
mod auth;
mod compose;
mod connect;
mod connection;
mod error;
mod files;
mod pipeline;
mod reply;
mod send;
mod transport;

#[cfg(test)]
mod tests;

pub(crate) use address::wire_address;
pub use compose::{ComposeError, compose};
pub use connection::SmtpConnection;
pub use error::{Refusal, SmtpError};
pub use files::{bytes_added, with_files};
pub use send::{Accepted, RecipientOutcome};

use maildesk_core::secret::SecretText;
use maildesk_core::settings::Mechanism;
use maildesk_core::settings::connection::ServerAddress;

/// Who we are at which SMTP server.
#[derive(Debug, Clone)]
pub struct SmtpAccount {
    pub server: ServerAddress,
    /// None where the server takes mail from this machine without a login.
    pub login: Option<SmtpLogin>,
    /// The name in EHLO: this machine's full name, or an address literal.
    pub ehlo_name: String,
}

#[derive(Debug, Clone)]
pub struct SmtpLogin {
    pub username: String,
    /// Or token, as the mechanism wants it.
    pub password: SecretText,
    pub mechanism: Mechanism,
}
