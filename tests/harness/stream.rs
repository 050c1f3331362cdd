//! A connection to a server, with or without TLS, for the harness's own small clients.

use crate::certificates::Certificates;
use anyhow::{Context, Result};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

pub(crate) async fn tcp(host: &str, port: u16) -> Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await.with_context(|| format!("connecting to {host}:{port}"))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

pub(crate) async fn handshake(
    stream: impl Stream + 'static,
    host: &str,
    certificates: &Certificates,
) -> Result<Box<dyn Stream>> {
    let name = ServerName::try_from(host.to_owned())?;
    let connector = TlsConnector::from(certificates.client_config()?);
    Ok(Box::new(connector.connect(name, stream).await.context("TLS handshake")?))
}
