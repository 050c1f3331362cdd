//! The TLS side of all connections: roots loaded once, one client configuration per CA file.

use super::fault::certificate_file_fault;
use super::verifier::ShownVerifier;
use super::{NetError, Observer};
use maildesk_core::diagnosis::{FaultKind, Step};
use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
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
        }
    }

    /// The connector for servers with this CA file. The file is read again once it has changed.
    ///
    /// # Errors
    /// [`FaultKind::CaFileUnusable`](maildesk_core::diagnosis::FaultKind::CaFileUnusable) where the file cannot be
    /// read or holds no certificate.
    pub fn connector(&self, ca_file: Option<&Path>) -> Result<TlsConnector, NetError> {
        let config = match ca_file {
            Some(path) => self.config_for_file(path)?,
            None => self.config_for_system()?,
        };
        Ok(TlsConnector::from(config))
    }

    /// As [`connector`](Self::connector), and shows the observer each certificate before it is judged.
    ///
    /// # Errors
    /// As [`connector`](Self::connector).
    pub fn connector_watched(&self, ca_file: Option<&Path>, observer: &Observer) -> Result<TlsConnector, NetError> {
        if !observer.is_there() {
            return self.connector(ca_file);
        }
        let roots = match ca_file {
            Some(path) => self.roots_with_file(path)?,
            None => self.system_roots.clone(),
        };
        let failed = |reason: String| NetError::new(Step::Settings, FaultKind::Other { reason });
        let judge = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), self.provider.clone()).build();
        let judge = judge.map_err(|error| failed(error.to_string()))?;
        let mut config = ClientConfig::clone(&*self.config(RootCertStore::empty())?);
        let verifier = ShownVerifier { judge, observer: observer.clone() };
        config.dangerous().set_certificate_verifier(Arc::new(verifier));
        Ok(TlsConnector::from(Arc::new(config)))
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
        let builder = ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| NetError::new(Step::Settings, super::fault::tls_kind(&error, "")))?;
        Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
    }
}
