//! One TLS connector and one timed stream for IMAP and SMTP.
//!
//! Everything that goes to a mail server passes here: addresses are resolved and tried with a deadline, plain text
//! goes nowhere but to loopback, each read and each write has a deadline, and TLS has one set of roots.

pub(crate) mod bearer;
mod certificate;
mod dial;
pub(crate) mod fault;
mod keepalive;
mod pin;
mod seen;
mod stream;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod tls;
mod verifier;
mod watch;

pub use certificate::CertificateFacts;
pub use dial::{dial, dial_watched};
pub use seen::Connector;
pub use stream::{Deadline, MailStream};
pub use tls::TlsConnectors;
pub use watch::{Observer, Onlooker, Seen};

use maildesk_core::diagnosis::{FaultKind, Step};
use std::time::Duration;

/// How long each stage of a connection may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Name look-up, each TCP connect, and the TLS handshake, each by itself.
    pub connect: Duration,
    /// The first words of a server that speaks plain text first. Silence there mostly means that the port wants TLS
    /// from the first byte and waits for us, so it is not borne as long as a slow answer.
    pub greeting: Duration,
    /// Each read and each write: the longest silence of a server.
    pub answer: Duration,
    /// The answer to a whole SMTP mail. RFC 5321 §4.5.3.2.6 wants 10 minutes, for giving up early doubles mail.
    pub content_answer: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            greeting: Duration::from_secs(20),
            answer: Duration::from_secs(60),
            content_answer: Duration::from_secs(600),
        }
    }
}

/// What failed on the way to a server, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{step:?}: {kind:?}")]
pub struct NetError {
    pub step: Step,
    pub kind: FaultKind,
}

impl NetError {
    pub(crate) fn new(step: Step, kind: FaultKind) -> Self {
        Self { step, kind }
    }
}
