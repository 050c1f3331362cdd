//! From the errors of sockets and rustls to our closed list of faults.

use super::NetError;
use super::pin::Refused;
use maildesk_core::diagnosis::{FaultKind, Step};
use rustls::{CertificateError, Error as TlsError};
use std::io::{self, ErrorKind};
use std::path::Path;

pub(crate) fn certificate_file_fault(path: &Path, reason: String) -> NetError {
    NetError::new(Step::Settings, FaultKind::CaFileUnusable { path: path.display().to_string(), reason })
}

/// The kind of an I/O error on a connection to `host`, looking through it for what rustls said.
///
/// Texts of unknown errors are dropped: parsers below us quote what they read, and that may be mail.
pub(crate) fn io_kind(error: &io::Error, host: &str) -> FaultKind {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>()) {
        return tls_kind(tls, host);
    }
    match error.kind() {
        ErrorKind::TimedOut => FaultKind::TimedOut,
        ErrorKind::ConnectionRefused => FaultKind::Refused,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable => {
            FaultKind::Unreachable
        }
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::NotConnected
        | ErrorKind::WriteZero => FaultKind::ConnectionLost,
        kind => FaultKind::Other { reason: kind.to_string() },
    }
}

/// The kind of a failed TLS handshake or record.
pub(crate) fn tls_kind(error: &TlsError, host: &str) -> FaultKind {
    match error {
        TlsError::InvalidMessage(_) => FaultKind::TlsOnPlainPort,
        TlsError::InvalidCertificate(error) => refused_kind(error, host),
        TlsError::AlertReceived(_) | TlsError::PeerIncompatible(_) | TlsError::PeerMisbehaved(_) => {
            FaultKind::TlsHandshake
        }
        other => FaultKind::Other { reason: other.to_string() },
    }
}

/// Our verifiers say which certificate it was beside why it was refused.
fn refused_kind(error: &CertificateError, host: &str) -> FaultKind {
    let refused = match error {
        CertificateError::Other(other) => other.0.downcast_ref::<Refused>(),
        _ => None,
    };
    let Some(refused) = refused else { return certificate_kind(error, host) };
    let sha256 = refused.presented.to_string();
    match &refused.cause {
        None => FaultKind::OtherCertificate { sha256 },
        Some(cause) => match certificate_kind(cause, host) {
            FaultKind::UnknownIssuer { .. } if refused.self_signed => FaultKind::SelfSigned { sha256 },
            FaultKind::UnknownIssuer { .. } => FaultKind::UnknownIssuer { sha256: Some(sha256) },
            FaultKind::CaUsedAsEndEntity { .. } => FaultKind::CaUsedAsEndEntity { sha256: Some(sha256) },
            kind => kind,
        },
    }
}

fn certificate_kind(error: &CertificateError, host: &str) -> FaultKind {
    match error {
        // A bad signature is an authority of the same name with another key: the CA file is out of date.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => FaultKind::UnknownIssuer { sha256: None },
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => FaultKind::CertificateExpired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            FaultKind::CertificateNotYetValid
        }
        CertificateError::NotValidForName => FaultKind::WrongName { expected: host.to_owned(), presented: Vec::new() },
        CertificateError::NotValidForNameContext { presented, .. } => FaultKind::WrongName {
            expected: host.to_owned(),
            presented: presented.iter().map(|name| plain_name(name)).collect(),
        },
        // webpki's own error stands inside an opaque one; its Debug form is the only handle on it.
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            FaultKind::CaUsedAsEndEntity { sha256: None }
        }
        other => FaultKind::CertificateInvalid { reason: other.to_string() },
    }
}

/// rustls prints presented names as `DnsName("a.example")`; people want `a.example`.
fn plain_name(name: &str) -> String {
    let inner = name.split_once('(').map_or(name, |(_, rest)| rest.trim_end_matches(')'));
    maildesk_core::text::clean_line(inner.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presented_names_are_shown_plainly() {
        for (shown, want) in
            [("DnsName(\"a.example\")", "a.example"), ("a.example", "a.example"), ("IpAddress(127.0.0.1)", "127.0.0.1")]
        {
            assert_eq!(plain_name(shown), want);
        }
    }

    #[test]
    fn texts_of_unknown_errors_are_dropped() {
        let error = io::Error::other("during parsing of \"Subject: secret\"");
        assert!(!format!("{:?}", io_kind(&error, "host")).contains("secret"));
    }
}
