//! From a server's address to an open stream: resolve, refuse plain text to strangers, connect, TLS.

use super::{MailStream, NetError, Observer, Seen, Timeouts, TlsConnectors, fault, keepalive};
use maildesk_core::diagnosis::{FaultKind, Step};
use maildesk_core::settings::connection::{Encryption, ServerAddress};
use std::net::{IpAddr, SocketAddr};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// Opens the connection: TLS from the first byte where the settings say so, else a plain stream that the caller
/// upgrades by STARTTLS ([`MailStream::start_tls`]) or, on loopback alone, leaves plain. A plain stream has the deadline
/// of a greeting; the caller sets another once it was heard.
///
/// # Errors
/// The name is not found, no address answers in time, the TLS handshake fails, or plain text is asked for and an
/// address of the server is not loopback (nothing is sent then).
pub async fn dial(server: &ServerAddress, tls: &TlsConnectors, timeouts: &Timeouts) -> Result<MailStream, NetError> {
    dial_watched(server, tls, timeouts, &Observer::default()).await
}

/// As [`dial`], before the eyes of an observer.
///
/// # Errors
/// As [`dial`].
pub async fn dial_watched(
    server: &ServerAddress,
    tls: &TlsConnectors,
    timeouts: &Timeouts,
    observer: &Observer,
) -> Result<MailStream, NetError> {
    // A CA file that cannot be read is found before the network is touched.
    let connector = tls.connector_watched(server, observer)?;
    let addresses = resolve(server, timeouts).await?;
    observer.see(Seen::Resolved(&addresses));
    if server.encryption == Encryption::Plain && !addresses.iter().all(|address| is_loopback(address.ip())) {
        return Err(NetError::new(Step::Connect, FaultKind::PlainNotLoopback));
    }
    let (socket, peer) = connect_any(&addresses, timeouts).await?;
    keepalive::prepare(&socket).map_err(|error| NetError::new(Step::Connect, fault::io_kind(&error, &server.host)))?;
    observer.see(Seen::Connected(peer));
    let longest = if server.encryption == Encryption::Tls { timeouts.answer } else { timeouts.greeting };
    let stream = MailStream::plain(socket, peer, longest);
    match server.encryption {
        Encryption::Tls => {
            let encrypted = stream.start_tls(&connector, &server.host, timeouts.connect).await?;
            encrypted.show(observer);
            Ok(encrypted)
        }
        Encryption::Starttls | Encryption::Plain => Ok(stream),
    }
}

async fn resolve(server: &ServerAddress, timeouts: &Timeouts) -> Result<Vec<SocketAddr>, NetError> {
    let fail = |kind| NetError::new(Step::Resolve, kind);
    let found = match timeout(timeouts.connect, lookup_host((server.host.as_str(), server.port))).await {
        Err(_elapsed) => return Err(fail(FaultKind::DnsUnavailable)),
        Ok(Err(error)) => return Err(fail(lookup_kind(&error))),
        Ok(Ok(found)) => found,
    };
    let addresses: Vec<SocketAddr> = found.collect();
    if addresses.is_empty() { Err(fail(FaultKind::DnsNotFound)) } else { Ok(addresses) }
}

/// getaddrinfo's errors come as text only; "Temporary failure" is EAI_AGAIN: the name servers did not answer.
fn lookup_kind(error: &std::io::Error) -> FaultKind {
    if error.to_string().contains("Temporary failure") { FaultKind::DnsUnavailable } else { FaultKind::DnsNotFound }
}

/// Tries each address in the order of the resolver; the last error stands for all.
async fn connect_any(addresses: &[SocketAddr], timeouts: &Timeouts) -> Result<(TcpStream, SocketAddr), NetError> {
    let mut kind = FaultKind::DnsNotFound;
    for address in addresses {
        match timeout(timeouts.connect, TcpStream::connect(address)).await {
            Ok(Ok(socket)) => return Ok((socket, *address)),
            Ok(Err(error)) => kind = fault::io_kind(&error, ""),
            Err(_elapsed) => kind = FaultKind::TimedOut,
        }
    }
    Err(NetError::new(Step::Connect, kind))
}

/// True for 127.0.0.0/8, ::1, and the former mapped into IPv6.
pub(super) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}
