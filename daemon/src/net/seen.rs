//! When the certificates end that servers have shown in handshakes that went well. Known in memory only.

use super::CertificateFacts;
use jiff::Timestamp;
use maildesk_core::settings::connection::ServerAddress;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_rustls::TlsConnector;

/// By host and port. Servers come from the settings, so there are few.
#[derive(Debug, Clone, Default)]
pub(super) struct SeenCertificates(Arc<Mutex<BTreeMap<(String, u16), Timestamp>>>);

impl SeenCertificates {
    pub(super) fn end_of(&self, server: &ServerAddress) -> Option<Timestamp> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(&(server.host.clone(), server.port)).copied()
    }

    fn note(&self, host: &str, port: u16, end: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((host.to_owned(), port), end);
    }
}

/// Opens TLS to one server and remembers when its certificate ends.
pub struct Connector {
    pub(super) tls: TlsConnector,
    pub(super) port: u16,
    pub(super) seen: SeenCertificates,
}

impl Connector {
    /// The handshake with this host went well; the certificate is the server's own, in DER.
    pub(super) fn went_well(&self, host: &str, certificate: Option<&[u8]>) {
        if let Some(facts) = certificate.and_then(CertificateFacts::read) {
            self.seen.note(host, self.port, facts.not_after);
        }
    }
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector").field("port", &self.port).finish_non_exhaustive()
    }
}
