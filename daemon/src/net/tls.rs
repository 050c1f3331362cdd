//! The TLS side of all connections: roots loaded once, one client configuration per CA file.

use super::Connector;
use super::fault::certificate_file_fault;
use super::pin::{NamingVerifier, PinVerifier};
use super::seen::SeenCertificates;
use super::verifier::ShownVerifier;
use super::{NetError, Observer};
use jiff::Timestamp;
use maildesk_core::diagnosis::{FaultKind, Step};
use maildesk_core::settings::connection::ServerAddress;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;
use tokio_rustls::TlsConnector;

/// Makes TLS connectors. Make one for the whole process: the system's roots are read from disk when it is made.
#[derive(Debug)]
pub struct TlsConnectors {
    provider: Arc<rustls::crypto::CryptoProvider>,
    system_roots: RootCertStore,
    system: Mutex<Option<Arc<ClientConfig>>>,
    by_file: Mutex<HashMap<PathBuf, (FileState, Arc<ClientConfig>)>>,
    seen: SeenCertificates,
}

/// Tells a file that was replaced from the one that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileState {
    length: u64,
    changed: Option<SystemTime>,
}

impl TlsConnectors {
    /// Trusts the authorities of this system. Certificates the system holds and rustls cannot use are passed over.
    pub fn with_system_roots() -> Self {
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "a certificate authority of this system could not be read");
        }
        let mut roots = RootCertStore::empty();
        let (usable, unusable) = roots.add_parsable_certificates(found.certs);
        tracing::debug!(usable, unusable, "certificate authorities of this system");
        Self::with_roots(roots)
    }

    /// Trusts these authorities only (and, per server, those of its CA file).
    pub fn with_roots(system_roots: RootCertStore) -> Self {
        Self {
            provider: Arc::new(rustls::crypto::ring::default_provider()),
            system_roots,
            system: Mutex::new(None),
            by_file: Mutex::new(HashMap::new()),
            seen: SeenCertificates::default(),
        }
    }

    /// The connector for this server, by its pin, its CA file or the system's authorities. A CA file is read again once
    /// it has changed.
    ///
    /// # Errors
    /// [`FaultKind::CaFileUnusable`] where the file cannot be read or holds no certificate.
    pub fn connector_for(&self, server: &ServerAddress) -> Result<Connector, NetError> {
        let config = match (&server.pin_sha256, &server.ca_file) {
            // Cheap to make: not kept.
            (Some(_), _) => self.config_with(self.judge_for(server)?)?,
            (None, Some(path)) => self.config_for_file(path)?,
            (None, None) => self.config_for_system()?,
        };
        Ok(self.connector(server, config))
    }

    /// When the certificate ends that this server showed in the last handshake that went well since the start.
    pub fn certificate_end(&self, server: &ServerAddress) -> Option<Timestamp> {
        self.seen.end_of(server)
    }

    fn connector(&self, server: &ServerAddress, config: Arc<ClientConfig>) -> Connector {
        Connector { tls: TlsConnector::from(config), port: server.port, seen: self.seen.clone() }
    }

    /// As [`connector_for`](Self::connector_for), and shows the observer each certificate before it is judged.
    ///
    /// # Errors
    /// As [`connector_for`](Self::connector_for).
    pub fn connector_watched(&self, server: &ServerAddress, observer: &Observer) -> Result<Connector, NetError> {
        let judgeless = server.pin_sha256.is_none() && server.ca_file.is_none() && self.system_roots.is_empty();
        // On a machine without a single authority nobody judges, and a check of a plain server needs no judge.
        if !observer.is_there() || judgeless {
            return self.connector_for(server);
        }
        let verifier = ShownVerifier { judge: self.judge_for(server)?, observer: observer.clone() };
        Ok(self.connector(server, self.config_with(Arc::new(verifier))?))
    }

    /// Who judges this server's certificate. A pinned certificate is the only one accepted, whoever signed it.
    fn judge_for(&self, server: &ServerAddress) -> Result<Arc<dyn ServerCertVerifier>, NetError> {
        match (&server.pin_sha256, &server.ca_file) {
            (Some(pin), _) => Ok(Arc::new(PinVerifier::new(*pin, &self.provider))),
            (None, Some(path)) => self.judge_by(self.roots_with_file(path)?),
            (None, None) => self.judge_by(self.system_roots.clone()),
        }
    }

    fn judge_by(&self, roots: RootCertStore) -> Result<Arc<dyn ServerCertVerifier>, NetError> {
        let failed = |reason: String| NetError::new(Step::Settings, FaultKind::Other { reason });
        let judge = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), self.provider.clone()).build();
        Ok(Arc::new(NamingVerifier(judge.map_err(|error| failed(error.to_string()))?)))
    }

    fn config_for_system(&self) -> Result<Arc<ClientConfig>, NetError> {
        let mut cached = self.system.lock().unwrap_or_else(PoisonError::into_inner);
        match &*cached {
            Some(config) => Ok(config.clone()),
            None => Ok(cached.insert(self.config(self.system_roots.clone())?).clone()),
        }
    }

    fn config_for_file(&self, path: &Path) -> Result<Arc<ClientConfig>, NetError> {
        let unusable = |reason: String| certificate_file_fault(path, reason);
        let metadata = std::fs::metadata(path).map_err(|error| unusable(error.to_string()))?;
        let state = FileState { length: metadata.len(), changed: metadata.modified().ok() };
        let mut by_file = self.by_file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((seen, config)) = by_file.get(path)
            && *seen == state
        {
            return Ok(config.clone());
        }
        let config = self.config(self.roots_with_file(path)?)?;
        by_file.insert(path.to_owned(), (state, config.clone()));
        Ok(config)
    }

    /// The system's authorities and those of this file.
    fn roots_with_file(&self, path: &Path) -> Result<RootCertStore, NetError> {
        let unusable = |reason: String| certificate_file_fault(path, reason);
        let mut roots = self.system_roots.clone();
        let mut added = 0_usize;
        let certificates = CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.to_string()))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
            roots.add(certificate).map_err(|error| unusable(error.to_string()))?;
            added += 1;
        }
        if added == 0 {
            return Err(unusable("it holds no certificate".to_owned()));
        }
        Ok(roots)
    }

    fn config(&self, roots: RootCertStore) -> Result<Arc<ClientConfig>, NetError> {
        if roots.is_empty() {
            // Without a single authority nothing can be verified; rustls says so for each server.
            return Ok(Arc::new(self.builder()?.with_root_certificates(roots).with_no_client_auth()));
        }
        self.config_with(self.judge_by(roots)?)
    }

    fn config_with(&self, judge: Arc<dyn ServerCertVerifier>) -> Result<Arc<ClientConfig>, NetError> {
        Ok(Arc::new(self.builder()?.dangerous().with_custom_certificate_verifier(judge).with_no_client_auth()))
    }

    fn builder(&self) -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, NetError> {
        ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| NetError::new(Step::Settings, super::fault::tls_kind(&error, "")))
    }
}
