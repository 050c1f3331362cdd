//! A throwaway certificate authority, and what it signed: a good, an expired and a wrongly named certificate.

use crate::scratch::Scratch;
use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files of one certificate, PEM.
#[derive(Debug, Clone)]
pub struct CertificateFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// The authority and its certificates under `tls/` of the scratch directory.
#[derive(Debug, Clone)]
pub struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    /// Makes them, or takes those that are there.
    pub fn make(scratch: &Scratch) -> Result<Self> {
        let made = Self { folder: scratch.dir("tls")? };
        if made.authority().exists() {
            return Ok(made);
        }
        let ca_key = KeyPair::generate()?;
        let mut ca = CertificateParams::default();
        ca.distinguished_name.push(DnType::CommonName, "maildesk test authority");
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let ca_pem = ca.self_signed(&ca_key)?.pem();
        let issuer = Issuer::new(ca, ca_key);

        let ours = ["localhost", "mail.desk.test", "127.0.0.1", "127.0.0.2", "127.0.0.3"];
        made.sign(&issuer, "good", &ours, 2049)?;
        made.sign(&issuer, "expired", &ours, 2021)?;
        made.sign(&issuer, "wrong", &["other.invalid"], 2049)?;
        fs::write(made.authority(), ca_pem)?;
        Ok(made)
    }

    /// The certificate authority's certificate, for `ca_file` settings.
    pub fn authority(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// For localhost, mail.desk.test and 127.0.0.1 to 127.0.0.3.
    pub fn good(&self) -> CertificateFiles {
        self.files("good")
    }

    /// The same names; it ended in 2021.
    pub fn expired(&self) -> CertificateFiles {
        self.files("expired")
    }

    /// For other.invalid only.
    pub fn wrong_name(&self) -> CertificateFiles {
        self.files("wrong")
    }

    /// What a client of ours needs to trust this authority and nothing else.
    pub fn client_config(&self) -> Result<Arc<rustls::ClientConfig>> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.authority())?)?;
        let config = rustls::ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::new(config))
    }

    /// What a server of ours needs to show this certificate.
    pub fn server_config(files: &CertificateFiles) -> Result<Arc<rustls::ServerConfig>> {
        let chain = CertificateDer::pem_file_iter(&files.certificate)?.collect::<Result<Vec<_>, _>>()?;
        let key = PrivateKeyDer::from_pem_file(&files.key)?;
        let config = rustls::ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .context("certificate and key")?;
        Ok(Arc::new(config))
    }

    fn files(&self, name: &str) -> CertificateFiles {
        let file = |ending: &str| self.folder.join(format!("{name}.{ending}"));
        CertificateFiles { certificate: file("pem"), key: file("key") }
    }

    fn sign(&self, issuer: &Issuer<'_, KeyPair>, name: &str, names: &[&str], last_year: i32) -> Result<()> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>())?;
        params.distinguished_name.push(DnType::CommonName, format!("maildesk test {name}"));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(last_year, 1, 1);
        let files = self.files(name);
        write_readable(&files.certificate, &params.signed_by(&key, issuer)?.pem())?;
        write_readable(&files.key, &key.serialize_pem())
    }
}

/// Readable for Dovecot's user too: it is a throwaway key.
fn write_readable(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("writing {}", file.display()))
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
