//! The error of every IMAP operation: a fault with its place, explained by the core.

use crate::net::{NetError, fault};
use maildesk_core::diagnosis::{Diagnosis, Fault, FaultKind, Protocol, Step, server_said};
use maildesk_core::settings::connection::ServerAddress;
use std::io;

/// What failed. Its text holds the server's own words, cleaned, but never mail and never a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ImapError(Box<Fault>);

impl ImapError {
    pub(super) fn new(server: &ServerAddress, step: Step, kind: FaultKind, words: Option<&str>) -> Self {
        Self(Box::new(Fault {
            protocol: Protocol::Imap,
            server: server.clone(),
            step,
            kind,
            server_said: words.and_then(server_said),
        }))
    }

    pub(super) fn from_net(server: &ServerAddress, error: NetError) -> Self {
        Self::new(server, error.step, error.kind, None)
    }

    /// An I/O error of the parser or the stream. The parser quotes its input in its texts; these are dropped.
    pub(super) fn from_io(server: &ServerAddress, step: Step, error: &io::Error) -> Self {
        let kind = match fault::io_kind(error, &server.host) {
            FaultKind::Other { .. } if super::guard::is_guard_refusal(error) => FaultKind::AnswerTooLarge,
            FaultKind::Other { .. } if error.kind() == io::ErrorKind::Other => FaultKind::AnswerUnreadable,
            kind => kind,
        };
        Self::new(server, step, kind, None)
    }

    /// What went wrong, as a closed list.
    pub fn kind(&self) -> &FaultKind {
        &self.0.kind
    }

    pub fn step(&self) -> Step {
        self.0.step
    }

    /// True where the same attempt may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        self.0.is_transient()
    }

    /// The error explained for an administrator.
    pub fn diagnosis(&self) -> Diagnosis {
        self.0.diagnosis()
    }
}
