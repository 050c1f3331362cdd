//! Own certificate authorities for the whole process.
//!
//! rust-s3 takes no authorities of ours; what its TLS reads is the file that SSL_CERT_FILE names. So a file with the
//! system's authorities and ours is written, and the program starts itself again, once, with that variable: changing
//! the environment of a running program is not safe.

use crate::config::Config;
use data_encoding::BASE64;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::convert::Infallible;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

/// Set for the second start, so that there is no third.
const STARTED_AGAIN: &str = "MAILDESK_OWN_AUTHORITIES";

#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    #[error("tls.ca_file {} holds no certificate that can be read ({problem})", path.display())]
    Unusable { path: PathBuf, problem: String },
    #[error("writing {}: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("starting again with own certificate authorities: {0}")]
    Exec(io::Error),
}

/// Does nothing where no own authorities are configured or they are already in force; else does not return.
pub fn with_own_authorities(config: &Config) -> Result<(), TrustError> {
    let Some(ca_file) = &config.tls.ca_file else { return Ok(()) };
    if std::env::var_os(STARTED_AGAIN).is_some() {
        return Ok(());
    }
    let bundle = config.state_dir.join("trusted.pem");
    write_bundle(ca_file, &bundle)?;
    start_again(&bundle).map(|never| match never {})
}

fn write_bundle(ca_file: &Path, bundle: &Path) -> Result<(), TrustError> {
    let unusable = |problem: String| TrustError::Unusable { path: ca_file.to_path_buf(), problem };
    let own = CertificateDer::pem_file_iter(ca_file).map_err(|error| unusable(error.to_string()))?;
    let own = own.collect::<Result<Vec<_>, _>>().map_err(|error| unusable(error.to_string()))?;
    if own.is_empty() {
        return Err(unusable("no PEM certificate in it".into()));
    }
    let system = rustls_native_certs::load_native_certs();
    for error in system.errors {
        tracing::warn!(%error, "a certificate authority of the system cannot be read");
    }
    let text: String = system.certs.iter().chain(&own).map(pem).collect();
    let write = || {
        std::fs::create_dir_all(bundle.parent().unwrap_or(Path::new("/")))?;
        let aside = bundle.with_extension("new");
        std::fs::write(&aside, &text)?;
        std::fs::rename(&aside, bundle)
    };
    write().map_err(|source| TrustError::Write { path: bundle.to_path_buf(), source })
}

fn pem(certificate: &CertificateDer<'_>) -> String {
    let encoded = BASE64.encode(certificate);
    let lines: Vec<&str> = encoded.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

/// Replaces this process by itself; the process id stays, so systemd notices nothing.
fn start_again(bundle: &Path) -> Result<Infallible, TrustError> {
    let program = std::env::current_exe().map_err(TrustError::Exec)?;
    let mut command = std::process::Command::new(program);
    command.args(std::env::args_os().skip(1)).env("SSL_CERT_FILE", bundle).env(STARTED_AGAIN, "1");
    Err(TrustError::Exec(command.exec()))
}
