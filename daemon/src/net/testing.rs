//! For tests: certificates made on the spot and scripted servers, for faults that real servers cannot show.

use super::{Timeouts, TlsConnectors};
use maildesk_core::settings::CertificatePin;
use maildesk_core::settings::connection::{Encryption, ServerAddress};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// Longest time any test of this crate waits for the other side.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Deadlines short enough for tests of silence.
pub(crate) fn short_timeouts() -> Timeouts {
    let answer = Duration::from_secs(1);
    Timeouts { connect: Duration::from_secs(2), greeting: answer, answer, content_answer: answer }
}

/// A certificate authority with one server certificate.
pub(crate) struct Authority {
    pub(crate) ca_file: tempfile::NamedTempFile,
    pub(crate) acceptor: TlsAcceptor,
    /// Of the server's certificate.
    pub(crate) pin: CertificatePin,
}

impl Authority {
    /// The server's certificate is for 127.0.0.1 and localhost.
    pub(crate) fn new() -> Self {
        Self::with(|_| ())
    }

    /// As [`new`](Self::new), with the server's certificate changed.
    pub(crate) fn with(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = KeyPair::generate().unwrap();
        let authority_certificate = authority.self_signed(&authority_key).unwrap();
        let mut server = CertificateParams::new(vec!["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
        change(&mut server);
        let key = KeyPair::generate().unwrap();
        let certificate = server.signed_by(&key, &Issuer::new(authority, authority_key)).unwrap();
        let ca_file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(ca_file.path(), authority_certificate.pem()).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Self { ca_file, pin: CertificatePin::of(certificate.der()), acceptor: acceptor(certificate.der().clone(), key) }
    }

    /// One self-signed certificate that is authority and server at once, as `openssl req -x509` makes it.
    pub(crate) fn used_as_end_entity() -> Self {
        let mut both = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        both.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = both.self_signed(&key).unwrap();
        let ca_file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(ca_file.path(), certificate.pem()).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Self { ca_file, pin: CertificatePin::of(certificate.der()), acceptor: acceptor(certificate.der().clone(), key) }
    }
}

fn acceptor(certificate: rustls::pki_types::CertificateDer<'static>, key: PrivateKeyDer<'static>) -> TlsAcceptor {
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Trusts nobody but the CA file of each server.
pub(crate) fn connectors() -> TlsConnectors {
    TlsConnectors::with_roots(RootCertStore::empty())
}

pub(crate) fn address(port: u16, encryption: Encryption, authority: Option<&Authority>) -> ServerAddress {
    let ca_file = authority.map(|authority| authority.ca_file.path().to_owned());
    ServerAddress { host: "127.0.0.1".into(), port, encryption, ca_file, pin_sha256: None }
}

/// What a scripted server does next.
pub(crate) enum Act {
    /// Writes this; `$T` is the first word of the line heard last.
    Say(String),
    /// Writes bytes as they are.
    SayBytes(Vec<u8>),
    /// Reads a line that must hold this.
    Hear(&'static str),
    /// Turns to TLS.
    Tls(TlsAcceptor),
    /// Stays silent until the client has gone.
    Wait,
}

pub(crate) fn say(text: &str) -> Act {
    Act::Say(text.to_owned())
}

pub(crate) fn hear(part: &'static str) -> Act {
    Act::Hear(part)
}

/// A server for one connection that follows a script and then closes.
pub(crate) struct Scripted {
    pub(crate) port: u16,
    task: JoinHandle<Vec<String>>,
}

impl Scripted {
    pub(crate) async fn start(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            let (socket, _) = timeout(PATIENCE, listener.accept()).await.unwrap().unwrap();
            timeout(PATIENCE, follow(Box::new(socket), acts)).await.unwrap()
        });
        Self { port, task }
    }

    /// The lines that were heard. Fails the test where the client left the script.
    pub(crate) async fn heard(self) -> Vec<String> {
        self.task.await.unwrap()
    }
}

trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

async fn follow(stream: Box<dyn Duplex>, acts: Vec<Act>) -> Vec<String> {
    let mut stream = BufReader::new(stream);
    let mut heard: Vec<String> = Vec::new();
    for act in acts {
        match act {
            Act::Say(text) => {
                let tag = heard.last().and_then(|line| line.split(' ').next()).unwrap_or_default();
                // The client may have gone already, which is its business.
                let _sent = stream.write_all(text.replace("$T", tag).as_bytes()).await;
            }
            Act::SayBytes(bytes) => stream.write_all(&bytes).await.unwrap(),
            Act::Hear(part) => {
                let line = read_line(&mut stream).await;
                assert!(line.contains(part), "heard {line:?}, the script wants {part:?}");
                heard.push(line);
            }
            Act::Tls(acceptor) => match acceptor.accept(stream.into_inner()).await {
                Ok(encrypted) => stream = BufReader::new(Box::new(encrypted)),
                Err(_refused_by_client) => return heard,
            },
            Act::Wait => {
                let mut rest = Vec::new();
                let _gone = stream.read_to_end(&mut rest).await;
                return heard;
            }
        }
    }
    let _closed = stream.shutdown().await;
    heard
}

async fn read_line(stream: &mut BufReader<Box<dyn Duplex>>) -> String {
    let mut line = Vec::new();
    // Whoever has gone has said what he said.
    let _read = stream.read_until(b'\n', &mut line).await;
    String::from_utf8_lossy(&line).trim_end().to_owned()
}
