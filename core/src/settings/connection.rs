//! How to reach a server: host, port, encryption, trust.

use super::CertificatePin;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// TLS from the first byte (IMAP 993, SMTP 465).
    Tls,
    /// Plain greeting, then STARTTLS is required (IMAP 143, SMTP 587).
    Starttls,
    /// No encryption; accepted only where the server is on loopback.
    Plain,
}

/// Where a server is and how it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerAddress {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    /// PEM file with certificate authorities that are trusted beside the system's.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// The server's certificate is exactly this one, whoever signed it and whatever name and dates it holds: for
    /// servers whose certificate cannot be verified otherwise.
    #[serde(default)]
    pub pin_sha256: Option<CertificatePin>,
}
