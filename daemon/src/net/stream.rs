//! The stream under IMAP and SMTP: plain or TLS, with a deadline on each read and each write.

use super::{Connector, NetError, Observer, Seen, fault};
use maildesk_core::diagnosis::{FaultKind, Step};
use rustls::pki_types::ServerName;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tokio_rustls::client::TlsStream;

/// The longest silence that a stream bears; shared, because the library above owns the stream. A change counts from
/// the next read or write that has to wait.
#[derive(Debug, Clone)]
pub struct Deadline(Arc<AtomicU64>);

impl Deadline {
    fn new(longest: Duration) -> Self {
        let deadline = Self(Arc::default());
        deadline.set(longest);
        deadline
    }

    pub fn set(&self, longest: Duration) {
        self.0.store(u64::try_from(longest.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn get(&self) -> Duration {
        // A year keeps the sum with "now" inside what the timer can hold.
        Duration::from_millis(self.0.load(Ordering::Relaxed)).min(Duration::from_secs(365 * 24 * 3600))
    }
}

#[derive(Debug)]
enum Transport {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A connection to a mail server. A read or write that waits longer than the deadline fails with `TimedOut`, and
/// every later one too: after a missed answer nothing can be told apart any more.
pub struct MailStream {
    transport: Transport,
    peer: SocketAddr,
    deadline: Deadline,
    read_timer: Option<Timer>,
    write_timer: Option<Timer>,
    timed_out: bool,
}

/// A running wait and the deadline it was started under: where that has changed since, the wait starts anew (a read
/// that was given up, as at the end of IDLE, leaves its timer behind).
struct Timer {
    longest: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl fmt::Debug for MailStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailStream({}, {})", self.peer, if self.is_encrypted() { "TLS" } else { "plain" })
    }
}

impl MailStream {
    pub(super) fn plain(socket: TcpStream, peer: SocketAddr, longest: Duration) -> Self {
        Self {
            transport: Transport::Plain(socket),
            peer,
            deadline: Deadline::new(longest),
            read_timer: None,
            write_timer: None,
            timed_out: false,
        }
    }

    /// Upgrades to TLS within `longest`. The caller vouches that it holds no unread bytes of the plain stream.
    ///
    /// # Errors
    /// The host is no valid server name, the handshake fails or takes too long, or TLS is already on.
    pub async fn start_tls(self, connector: &Connector, host: &str, longest: Duration) -> Result<Self, NetError> {
        let fail = |kind| NetError::new(Step::Tls, kind);
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_invalid| NetError::new(Step::Settings, FaultKind::HostInvalid))?;
        let Transport::Plain(socket) = self.transport else {
            return Err(fail(FaultKind::TlsHandshake));
        };
        let encrypted = match timeout(longest, connector.tls.connect(name, socket)).await {
            Ok(Ok(encrypted)) => encrypted,
            Ok(Err(error)) => return Err(fail(handshake_kind(&error, host))),
            Err(_elapsed) => return Err(fail(FaultKind::TimedOut)),
        };
        let shown = encrypted.get_ref().1.peer_certificates().and_then(|shown| shown.first());
        connector.went_well(host, shown.map(|certificate| certificate.as_ref()));
        Ok(Self {
            transport: Transport::Tls(Box::new(encrypted)),
            peer: self.peer,
            deadline: self.deadline,
            read_timer: None,
            write_timer: None,
            timed_out: false,
        })
    }

    pub fn is_encrypted(&self) -> bool {
        matches!(self.transport, Transport::Tls(_))
    }

    /// Tells an observer what the handshake has agreed on.
    pub fn show(&self, observer: &Observer) {
        if let Transport::Tls(encrypted) = &self.transport {
            let (_, session) = encrypted.get_ref();
            let named = |name: Option<String>| name.unwrap_or_default();
            // rustls writes TLSv1_3 and TLS13_AES_256_GCM_SHA384.
            let protocol = named(session.protocol_version().map(|version| format!("{version:?}").replace('_', ".")));
            let cipher = named(session.negotiated_cipher_suite().map(|suite| format!("{:?}", suite.suite())));
            observer.see(Seen::Encrypted { protocol: &protocol, cipher: &cipher });
        }
    }

    /// The peer's address and port.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// A handle on the longest silence of this stream.
    pub fn deadline(&self) -> Deadline {
        self.deadline.clone()
    }
}

/// A server that hangs up in the handshake shows as a lost connection; TLS is what it did not want.
fn handshake_kind(error: &io::Error, host: &str) -> FaultKind {
    match fault::io_kind(error, host) {
        FaultKind::ConnectionLost => FaultKind::TlsHandshake,
        kind => kind,
    }
}

/// Turns "not yet" into `TimedOut` once `longest` has passed since the wait began.
fn with_deadline<T>(
    timer: &mut Option<Timer>,
    timed_out: &mut bool,
    longest: Duration,
    context: &mut Context<'_>,
    outcome: Poll<io::Result<T>>,
) -> Poll<io::Result<T>> {
    if outcome.is_ready() {
        *timer = None;
        return outcome;
    }
    if timer.as_ref().is_some_and(|running| running.longest != longest) {
        *timer = None;
    }
    let start = || Timer { longest, sleep: Box::pin(sleep_until(Instant::now() + longest)) };
    match timer.get_or_insert_with(start).sleep.as_mut().poll(context) {
        Poll::Pending => Poll::Pending,
        Poll::Ready(()) => {
            *timer = None;
            *timed_out = true;
            Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
        }
    }
}

impl AsyncRead for MailStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.timed_out {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let outcome = match &mut this.transport {
            Transport::Plain(socket) => Pin::new(socket).poll_read(context, buffer),
            Transport::Tls(encrypted) => Pin::new(encrypted).poll_read(context, buffer),
        };
        with_deadline(&mut this.read_timer, &mut this.timed_out, this.deadline.get(), context, outcome)
    }
}

impl AsyncWrite for MailStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.timed_out {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let outcome = match &mut this.transport {
            Transport::Plain(socket) => Pin::new(socket).poll_write(context, bytes),
            Transport::Tls(encrypted) => Pin::new(encrypted).poll_write(context, bytes),
        };
        with_deadline(&mut this.write_timer, &mut this.timed_out, this.deadline.get(), context, outcome)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.timed_out {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let outcome = match &mut this.transport {
            Transport::Plain(socket) => Pin::new(socket).poll_flush(context),
            Transport::Tls(encrypted) => Pin::new(encrypted).poll_flush(context),
        };
        with_deadline(&mut this.write_timer, &mut this.timed_out, this.deadline.get(), context, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let outcome = match &mut this.transport {
            Transport::Plain(socket) => Pin::new(socket).poll_shutdown(context),
            Transport::Tls(encrypted) => Pin::new(encrypted).poll_shutdown(context),
        };
        with_deadline(&mut this.write_timer, &mut this.timed_out, this.deadline.get(), context, outcome)
    }
}
