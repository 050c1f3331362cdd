//! What can go wrong with a mail at its server, told apart by what the outbox has to do next.

use super::reply::Reply;
use crate::net::{NetError, fault};
use maildesk_core::diagnosis::{Diagnosis, Fault, FaultKind, Protocol, Step, server_said, server_words};
use maildesk_core::settings::connection::ServerAddress;
use std::error::Error as _;
use std::io;

/// A server's refusal: its code (RFC 5321 §4.2), enhanced code (RFC 3463) and words, cleaned and shortened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// From 400 to 599.
    pub code: u16,
    /// Such as `5.1.1`.
    pub enhanced: Option<String>,
    pub text: String,
    /// What the refusal means, as far as its words tell.
    pub kind: FaultKind,
}

impl Refusal {
    pub(super) fn new(code: u16, words: &str, kind: FaultKind) -> Self {
        Self {
            code,
            enhanced: server_words::enhanced_code(words).map(str::to_owned),
            text: server_said(words).unwrap_or_default(),
            kind,
        }
    }

    /// True for 4xx: the same may be accepted later.
    pub fn is_transient(&self) -> bool {
        (400..500).contains(&self.code)
    }
}

/// Why a mail did not go, or a connection did not come about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmtpError {
    /// The connection, the login or the server as such: no attempt of the mail. Nothing of it was accepted.
    #[error("{0}")]
    Connection(Box<Fault>),
    /// The server refuses this mail for now (4xx).
    #[error("{fault}")]
    Deferred { refusal: Refusal, fault: Box<Fault> },
    /// The server refuses this mail for good (5xx), or it cannot be sent to this server at all.
    #[error("{fault}")]
    Refused { refusal: Refusal, fault: Box<Fault> },
    /// The connection was lost between the end of the mail and the server's answer: it may or may not have been
    /// accepted. Sent again under the same Message-ID it may arrive twice.
    #[error("{0}")]
    Unknown(Box<Fault>),
}

impl SmtpError {
    /// The fault behind the error.
    pub fn fault(&self) -> &Fault {
        match self {
            Self::Connection(fault) | Self::Unknown(fault) => fault,
            Self::Deferred { fault, .. } | Self::Refused { fault, .. } => fault,
        }
    }

    /// True where the same attempt may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connection(fault) => fault.is_transient(),
            Self::Deferred { .. } | Self::Unknown(_) => true,
            Self::Refused { .. } => false,
        }
    }

    /// The error explained for an administrator.
    pub fn diagnosis(&self) -> Diagnosis {
        self.fault().diagnosis()
    }
}

/// Makes errors of one server.
#[derive(Debug, Clone)]
pub(super) struct Faults {
    pub(super) server: ServerAddress,
}

impl Faults {
    pub(super) fn fault(&self, step: Step, kind: FaultKind, words: Option<&str>) -> Box<Fault> {
        Box::new(Fault {
            protocol: Protocol::Smtp,
            server: self.server.clone(),
            step,
            kind,
            server_said: words.and_then(server_said),
        })
    }

    pub(super) fn connection(&self, step: Step, kind: FaultKind, words: Option<&str>) -> SmtpError {
        SmtpError::Connection(self.fault(step, kind, words))
    }

    pub(super) fn net_error(&self, error: NetError) -> SmtpError {
        self.connection(error.step, error.kind, None)
    }

    pub(super) fn io_error(&self, step: Step, error: &io::Error) -> SmtpError {
        let kind = match fault::io_kind(error, &self.server.host) {
            FaultKind::Other { .. } if error.kind() == io::ErrorKind::InvalidData => FaultKind::AnswerUnreadable,
            kind => kind,
        };
        self.connection(step, kind, None)
    }

    /// A refusal while the connection is set up: never the fault of a mail.
    pub(super) fn reply_error(&self, step: Step, reply: &Reply) -> SmtpError {
        let words = reply.words();
        self.connection(step, server_words::smtp_refusal(step, reply.code, &words), Some(&words))
    }

    /// A refusal of the mail as such. What concerns the account or the connection does not count against the mail.
    pub(super) fn refusal_error(&self, step: Step, code: u16, words: &str) -> SmtpError {
        let kind = server_words::smtp_refusal(step, code, words);
        let refusal = Refusal::new(code, words, kind.clone());
        let account_level = matches!(
            kind,
            FaultKind::ServerBye
                | FaultKind::AuthenticationRequired
                | FaultKind::AuthenticationRejected
                | FaultKind::TlsNotOffered
        );
        let fault = self.fault(step, kind, Some(words));
        if account_level || code == 421 {
            SmtpError::Connection(fault)
        } else if refusal.is_transient() {
            SmtpError::Deferred { refusal, fault }
        } else {
            SmtpError::Refused { refusal, fault }
        }
    }

    /// What lettre says about a failed command: a reply of the server, or trouble with the connection.
    pub(super) fn lettre_error(&self, step: Step, error: &lettre::transport::smtp::Error) -> SmtpError {
        match refusal_of(error) {
            Some((code, words)) => self.refusal_error(step, code, &words),
            None => self.trouble(step, error),
        }
    }

    pub(super) fn trouble(&self, step: Step, error: &lettre::transport::smtp::Error) -> SmtpError {
        let mut source = error.source();
        while let Some(inner) = source {
            if let Some(error) = inner.downcast_ref::<io::Error>() {
                return self.io_error(step, error);
            }
            source = inner.source();
        }
        // lettre calls a closed connection an "incomplete response".
        let lost = error.source().is_some_and(|inner| inner.to_string() == "incomplete response");
        let kind = if lost { FaultKind::ConnectionLost } else { FaultKind::AnswerUnreadable };
        self.connection(step, kind, None)
    }
}

/// Code and words of the server's reply inside lettre's error.
pub(super) fn refusal_of(error: &lettre::transport::smtp::Error) -> Option<(u16, String)> {
    let code = error.status()?;
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    Some((u16::from(code), words))
}
